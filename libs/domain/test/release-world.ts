import { definitionOf, Evr, PinnedStage, PipelineName, ReleaseId } from '@gantry/contracts';
import {
  decideRelease,
  evolveRelease,
  initialRelease,
  releaseWakeUpAt,
  type Decision,
  type EndedDeployment,
  type ReleaseEvent,
  type ReleaseFact,
  type ReleaseState,
  type Sight,
} from '../src/index.js';
import { sha256 } from './world.js';

export const RELEASE = ReleaseId.parse('0192f5a0-0000-7000-8000-0000000000aa');
export const NEWER = ReleaseId.parse('0192f5a0-0000-7000-8000-0000000000bb');
const START = Date.parse('2026-01-01T00:00:00.000Z');
type FactOf<T extends ReleaseFact['type']> = Extract<ReleaseFact, { type: T }>;

/** A stage as a fleet file would pin it; gates by their names, those that ask a person named `ask...`. */
export const stage = (
  environment: string,
  {
    before = [] as string[],
    after = [] as string[],
    watch = [] as string[],
    watchEveryMs = undefined as number | undefined,
    soakMs = 0,
    skipped = false,
  } = {},
): PinnedStage => {
  const gate = (name: string) => ({
    name,
    spec: name.startsWith('ask')
      ? { kind: 'manual', question: 'Fine?' }
      : { kind: 'command', command: ['true'], deadlineMs: 10_000, maxOutputBytes: 1_000 },
  });
  return PinnedStage.parse({
    ...{ environment, start: 'automatic', soakMs, skipped },
    ...{ before: before.map(gate), after: after.map(gate), watch: watch.map(gate) },
    ...(watchEveryMs === undefined ? {} : { watchEveryMs }),
  });
};

/** One release, the facts it made, and what is so around it. */
export class ReleaseWorld {
  state: ReleaseState = initialRelease;
  readonly facts: ReleaseFact[] = [];
  readonly also: string[] = [];
  nowMs = START;
  sight: Omit<Sight, 'stage'> = {
    hold: undefined,
    newer: undefined,
    ended: [],
    unknown: [],
  };
  private readonly holds = new Map<number, Sight['hold']>();
  heardSince: string | undefined;

  constructor(private readonly applications: readonly string[] = ['shop']) {}

  get now(): string {
    return new Date(this.nowMs).toISOString();
  }

  create(...stages: readonly PinnedStage[]): Decision<ReleaseFact> {
    const definition = definitionOf('release.created');
    const data = definition?.schema.parse({
      pipeline: PipelineName.parse('shop'),
      evr: Evr.parse('1.2.0-1'),
      applications: this.applications.map((application) => ({
        application,
        packages: [{ name: application, sha256: 'a'.repeat(64) }],
      })),
      ...{ stages, targetMs: 660_000, publishedAt: this.now, reason: null },
    });
    return this.give({ type: 'release.create', data } as unknown as ReleaseEvent);
  }

  give(event: ReleaseEvent): Decision<ReleaseFact> {
    const { heardSince, now } = this;
    const stage = this.state.status === 'travelling' ? this.state.stage : -1;
    const hold = this.holds.get(stage) ?? this.sight.hold;
    const sight = { ...this.sight, hold, stage };
    const meta = { now, fence: 1, sha256, ...(heardSince === undefined ? {} : { heardSince }) };
    const decision = decideRelease({ ...event, sight }, this.state, { id: RELEASE, meta });
    if (decision.outcome !== 'accepted') return decision;
    for (const fact of decision.events) {
      definitionOf(fact.type)?.strict.parse(fact.data);
      this.facts.push(fact);
      this.state = evolveRelease(this.state, fact);
    }
    this.also.push(...decision.also.map((fact) => fact.type));
    // As its handler does: who comes to another stage looks again.
    if (this.state.status === 'travelling' && this.state.stage !== stage) this.look();
    return decision;
  }

  /** Something holds one of its stages back, or does no more. */
  holdIn(stage: number, hold: Sight['hold']): void {
    this.holds.set(stage, hold);
  }

  look(): Decision<ReleaseFact> {
    return this.give({ type: 'look' });
  }

  /** Time goes on to whenever the release wants to be looked at, and it is. */
  wait(): void {
    const due = releaseWakeUpAt(this.state, this.now);
    if (due !== undefined) this.nowMs = Math.max(this.nowMs + 1, Date.parse(due));
    this.look();
  }

  of<T extends ReleaseFact['type']>(type: T): FactOf<T>['data'][] {
    const facts = this.facts.filter((f): f is FactOf<T> => f.type === type);
    return facts.map((f) => f.data as FactOf<T>['data']);
  }

  /** What it waits for of the world: gate runs and deployments without an answer. */
  get openGates(): readonly string[] {
    const { state } = this;
    if (state.status !== 'travelling') return [];
    const { phase } = state;
    return phase.kind === 'before' || phase.kind === 'after'
      ? phase.gates.filter((g) => g.verdict === undefined).map((g) => g.gateRunId)
      : [];
  }

  /** Runs of gates that watch, without an answer. */
  get openWatches(): readonly string[] {
    const { state } = this;
    if (state.status !== 'travelling') return [];
    return state.watch.filter((g) => g.verdict === undefined).map((g) => g.gateRunId);
  }

  get openDeployments(): readonly string[] {
    const { state } = this;
    if (state.status !== 'travelling' || state.phase.kind !== 'deploying') return [];
    return state.phase.deployments
      .filter((d) => d.outcome === undefined)
      .map((d) => d.deploymentId);
  }

  gate(gateRunId: string, verdict: 'pass' | 'fail' | 'inconclusive'): Decision<ReleaseFact> {
    const asked = this.of('gate.requested').find((g) => g.gateRunId === gateRunId);
    const times = { startedAt: this.now, endedAt: this.now };
    const data = { gateRunId, gate: asked?.gate, verdict, summary: '', evidence: {}, ...times };
    return this.give({ type: 'gate.finished', data } as unknown as ReleaseEvent);
  }

  /** A deployment has ended; whoever looks later still sees it. */
  ends(deploymentId: string, outcome: string): Decision<ReleaseFact> {
    const end: EndedDeployment = { deploymentId, outcome, detail: '' };
    this.sight = { ...this.sight, ended: [...this.sight.ended, end] };
    return this.look();
  }

  /** The last event's type. */
  get last(): string {
    return this.facts.at(-1)?.type ?? 'none';
  }
}
