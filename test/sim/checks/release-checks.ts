import type { DataOf, DeploymentRequested } from '@gantry/contracts';
import { must } from '@gantry/testing/sim';
import type { Committed } from '../world/chronicle.js';
import type { Scenario } from '../scenario.js';
import { placesOf, stageNamed } from '../world/places.js';
import type { World } from '../world/world.js';
import type { Check } from './check.js';

/** Whoever looks at what binds a rollout looks every two seconds; this is for them to come to it, be it after a death. */
const TAKEN_MS = 10_000;

/** Work that was begun on a host: it left service, or Puppet ran there. */
interface Touch {
  readonly what: string;
  readonly host: string;
  readonly atMs: number;
  /** The deployment it was done for. */
  readonly stream: string;
  /** When that deployment gave the host its turn. */
  readonly turnAtMs: number;
}

/** What is done to hosts, as device and hosts remember it, with the deployment that each belongs to. */
class Touches {
  private writes = 0;
  private readonly runs = new Map<string, number>();

  /** What was done since the last look. */
  news({ device, hosts, chronicle, sim }: World): readonly Touch[] {
    const found: Touch[] = [];
    for (; this.writes < device.writes.length; this.writes++) {
      const write = device.writes[this.writes];
      if (write === undefined || write.want === 'in' || write.before?.admin !== 'in') continue;
      const { member: host, atMs } = write;
      found.push({ what: 'left service', host, atMs, ...ownerOf(chronicle.all, host) });
    }
    for (const { name: host, runs } of hosts) {
      for (let at = this.runs.get(host) ?? 0; at < runs.length; at++) {
        found.push({
          what: 'ran Puppet',
          host,
          atMs: sim.elapsedMs,
          ...ownerOf(chronicle.all, host),
        });
      }
      this.runs.set(host, runs.length);
    }
    return found;
  }
}

function ownerOf(
  all: readonly Committed[],
  host: string,
): { readonly stream: string; readonly turnAtMs: number } {
  const turn = all.findLast(
    ({ event }) =>
      event.type === 'deployment.host-reserved' &&
      (event.data as { readonly host: string }).host === host,
  );
  return { stream: turn?.stream ?? '', turnAtMs: turn?.atMs ?? -Infinity };
}

type Requested = DataOf<typeof DeploymentRequested>;

const requestedIn = ({ chronicle }: World, stream: string): Requested | undefined =>
  chronicle.all.find(
    ({ event, stream: of }) => of === stream && event.type === 'deployment.requested',
  )?.event.data as Requested | undefined;

const timesOf = ({ chronicle }: World, stream: string, type: string): readonly number[] =>
  chronicle.all.flatMap((c) => (c.stream === stream && c.event.type === type ? [c.atMs] : []));

/** Nothing is done to a host whose plan needs consent before enough people, none of them the requester, consented to that very plan (I-15). */
export class ConsentCheck implements Check {
  private readonly touches = new Touches();

  afterStep(world: World): void {
    for (const touch of this.touches.news(world)) this.judge(world, touch);
  }

  private judge(world: World, { what, host, atMs, stream }: Touch): void {
    const { chronicle, consents } = world;
    const requested = requestedIn(world, stream);
    must(requested !== undefined, 'I-15', () => `${host} ${what}, for no deployment`);
    const quorum = quorumOf(world.scenario, requested);
    if (quorum === 0) return;
    const planned = chronicle.all.findLast(
      ({ event, stream: of }) => of === stream && event.type === 'deployment.planned',
    );
    const { planHash } = (planned?.event.data ?? {}) as { readonly planHash?: string };
    const people = new Set(
      consents
        .filter((c) => `deployment-${c.deploymentId}` === stream && c.planHash === planHash)
        .filter((c) => c.atMs <= atMs && c.by !== REQUESTER && !MACHINE.test(c.by))
        .map(({ by }) => by),
    );
    must(
      people.size >= quorum,
      'I-15',
      () =>
        `${host} ${what} with the consent of ${people.size} to its plan, ${quorum} must consent`,
    );
  }
}

/** Who asks for deployments; for releases nobody does. */
const REQUESTER = 'anna';
/** Who is no person. */
const MACHINE = /^ci(?:-|$)/;

/** How many must consent, by the scenario and not by what Gantry made of it. */
function quorumOf(scenario: Scenario, requested: Requested | undefined): number {
  const { application, environment } = requested?.target ?? {};
  const rule = scenario.applications.find(({ name }) => name === application)?.approval;
  if (rule !== undefined) return Number(rule['quorum'] ?? 1);
  return stageNamed(scenario, environment ?? '')?.start === 'approval' ? 1 : 0;
}

/** Nothing is done in a stage before the verifier itself has said yes for every gate before it, and for every gate after the stage before. */
export class GatesCheck implements Check {
  private readonly touches = new Touches();

  afterStep(world: World): void {
    for (const { what, host, atMs, stream } of this.touches.news(world)) {
      const requested = requestedIn(world, stream);
      const { release } = requested ?? {};
      if (release === undefined) continue;
      for (const wanted of gatesBefore(world.scenario, release.stage)) {
        const said = world.gates.runs.filter(
          (run) =>
            run.releaseId === release.releaseId &&
            run.environment === wanted.environment &&
            run.moment === wanted.moment &&
            run.gate === wanted.gate &&
            (run.decidedAtMs ?? Infinity) <= atMs,
        );
        // Asked anew only after neither yes nor no: the last run counts.
        const verdict = said.at(-1)?.verdict ?? 'not answered';
        must(
          verdict === 'pass',
          'gates',
          () =>
            `${host} ${what}: ${wanted.gate} ${wanted.moment} ${wanted.environment}: ${verdict}`,
        );
      }
    }
  }
}

interface Wanted {
  readonly gate: string;
  readonly moment: 'before' | 'after';
  readonly environment: string;
}

function gatesBefore({ pipeline }: Scenario, stage: number): readonly Wanted[] {
  return (pipeline?.stages ?? [])
    .slice(0, stage + 1)
    .flatMap(({ environment, before = [], after = [] }, at): readonly Wanted[] => [
      ...before.map((gate) => ({ gate, moment: 'before' as const, environment })),
      // The gates after a stage are asked once it is deployed.
      ...(at < stage ? after : []).map((gate) => ({ gate, moment: 'after' as const, environment })),
    ]);
}

/** Once a gate that watches has failed, the line is stopped or a window has closed, no further host has its turn: what is under way ends, and going back goes on. */
export class BindingCheck implements Check {
  private readonly touches = new Touches();

  afterStep(world: World): void {
    for (const touch of this.touches.news(world)) this.judge(world, touch);
  }

  private judge(world: World, { what, host, stream, turnAtMs }: Touch): void {
    const isGoingBack = timesOf(world, stream, 'deployment.rollback-started').length > 0;
    if (isGoingBack || isOverridden(world, stream)) return;
    const { release } = requestedIn(world, stream) ?? {};
    const failed = timesOf(world, `release-${release?.releaseId ?? ''}`, 'release.failed');
    must(
      !failed.some((atMs) => turnAtMs > atMs + TAKEN_MS),
      'watch',
      () => `${host} ${what} at its turn ${turnAtMs}, its release failed at ${String(failed[0])}`,
    );
    const held = heldSpans(world, stream);
    must(
      !held.some(({ fromMs, toMs }) => turnAtMs > fromMs && turnAtMs < toMs),
      'held',
      () => `${host} ${what} at its turn ${turnAtMs}, while its deployment was held`,
    );
    const stopped = linesOf(world);
    must(
      !stopped.some(({ fromMs, toMs }) => turnAtMs > fromMs + TAKEN_MS && turnAtMs < toMs),
      'line',
      () => `${host} ${what} at its turn ${turnAtMs}, while the line was stopped`,
    );
    const closed = closedIn(world, stream);
    must(
      closed === undefined || turnAtMs <= closed.fromMs + TAKEN_MS || turnAtMs >= closed.toMs,
      'window',
      () => `${host} ${what} at its turn ${turnAtMs}, while its window was closed`,
    );
  }
}

/** A person who resumes goes on in spite of what binds. */
const isOverridden = ({ chronicle }: World, stream: string): boolean =>
  chronicle.all.some(
    ({ stream: of, event }) =>
      of === stream &&
      event.type === 'deployment.resumed' &&
      (event.data as { readonly because?: string }).because !== 'binding-ended',
  );

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When a deployment was paused by what binds it. */
function heldSpans({ chronicle }: World, stream: string): readonly Span[] {
  const own = chronicle.all.filter((c) => c.stream === stream);
  return own.flatMap(({ event, atMs }, at) => {
    const isHeld =
      event.type === 'deployment.paused' && (event.data as { because?: string }).because === 'held';
    if (!isHeld) return [];
    const next = own.slice(at).find((c) => c.event.type === 'deployment.resumed');
    return [{ fromMs: atMs, toMs: next?.atMs ?? Infinity }];
  });
}

/** When the windows of the deployment's environment are closed, by the scenario. */
function closedIn(world: World, stream: string): Span | undefined {
  const { environment = '' } = requestedIn(world, stream)?.target ?? {};
  const closed = stageNamed(world.scenario, environment)?.closed;
  return closed && { fromMs: closed[0] * 60_000, toMs: closed[1] * 60_000 };
}

/** When the line was stopped. */
function linesOf({ chronicle }: World): readonly Span[] {
  return chronicle.all.flatMap(({ stream, event, atMs }) => {
    if (event.type !== 'hold.placed') return [];
    const lifted = chronicle.all.find((c) => c.stream === stream && c.event.type === 'hold.lifted');
    return [{ fromMs: atMs, toMs: lifted?.atMs ?? Infinity }];
  });
}

const RELEASE_ENDS = new Set(['succeeded', 'failed', 'stopped', 'superseded']);

/** A release ends once; while it travels a timer wakes it; at rest none travels. */
export class ReleaseEndsCheck implements Check {
  private seen = 0;
  private readonly ended = new Map<string, string>();

  afterStep(world: World): void {
    const { chronicle, database, sim } = world;
    for (; this.seen < chronicle.all.length; this.seen++) {
      const { stream, event } = chronicle.all[this.seen] as Committed;
      if (event.streamType !== 'release') continue;
      const end = this.ended.get(stream);
      must(end === undefined, 'release', () => `${event.type} in ${stream} after ${end ?? ''}`);
      if (RELEASE_ENDS.has(event.type.slice('release.'.length))) this.ended.set(stream, event.type);
    }
    // Emptied tables are mended within a minute, and after it a process may have to start first.
    if (sim.elapsedMs - world.tablesClearedAtMs < 180_000) return;
    for (const [stream, { status }] of chronicle.releases)
      must(
        status !== 'travelling' || database.tables.timers.has(stream),
        'release',
        () => `nothing wakes ${stream}`,
      );
  }

  atRest({ chronicle }: World): void {
    for (const [stream, state] of chronicle.releases)
      must(
        state.status !== 'travelling',
        'release',
        () => `${stream} never ended: ${JSON.stringify('phase' in state ? state.phase : state)}`,
      );
  }
}

/** What must hold where builds travel. */
export const releaseChecks = (_scenario: Scenario): readonly Check[] => [
  new GatesCheck(),
  new ReleaseEndsCheck(),
];

/** What must hold where people or rules have a say in when work begins. */
export function governingChecks(scenario: Scenario): readonly Check[] {
  const binds =
    scenario.pipeline !== undefined || scenario.happenings.some(({ kind }) => kind === 'stop-line');
  const wantsConsent =
    scenario.applications.some(({ approval }) => approval !== undefined) ||
    placesOf(scenario).some(
      ({ environment }) => stageNamed(scenario, environment)?.start === 'approval',
    );
  return [...(wantsConsent ? [new ConsentCheck()] : []), ...(binds ? [new BindingCheck()] : [])];
}
