import type { DataOf, GateFinished, GateMoment, PinnedGate } from '@gantry/contracts';
import { mayBeLost, plusMs, reached } from '../time.js';
import type { ReleaseDraft } from './draft.js';
import { stageOf, type GateRun, type Travelling } from './state.js';

/** The gates that a stage waits for are asked at one of two moments. */
export type Moment = Exclude<GateMoment, 'watch'>;

/** How much longer than its own deadline a gate's answer may take before it is asked for again. */
const GRACE_MS = 20_000;
const MAX_ASKS = 3;
/** Evidence of a verdict that no gate gave. */
const NOTHING_SEEN = {};

type Finished = DataOf<typeof GateFinished>;

/** The gates of the moment that were not asked yet. */
export function askGates(draft: ReleaseDraft, moment: Moment): void {
  const state = draft.travelling();
  if (state === undefined) return;
  const known = state.phase.kind === moment ? state.phase.gates.map((g) => g.gate) : [];
  for (const gate of stageOf(state)[moment])
    if (!known.includes(gate.name)) askGate(draft, state, moment, gate);
}

/** How long after its answer a gate that watches is asked again, unless its stage says otherwise. */
const WATCH_EVERY_MS = 30_000;

/** Gates that watch are asked again when their last answer is old enough. */
export function askWatching(draft: ReleaseDraft): void {
  const state = draft.travelling();
  if (state === undefined || !isWatched(state)) return;
  for (const gate of stageOf(state).watch ?? []) {
    const due = watchDue(state, gate);
    if (due !== undefined && reached(due, draft.now)) askGate(draft, state, 'watch', gate);
  }
}

/** From the beginning of the stage's deployments to its end. */
export const isWatched = ({ phase }: Travelling): boolean =>
  phase.kind === 'deploying' || phase.kind === 'after' || phase.kind === 'soaking';

/** When a gate that watches wants to be asked; undefined while it is being asked. */
export function watchDue(state: Travelling, { name }: PinnedGate): string | undefined {
  const last = state.watch.find((run) => run.gate === name);
  if (last === undefined) return state.since;
  if (last.answeredAt === undefined) return undefined;
  return plusMs(last.answeredAt, stageOf(state).watchEveryMs ?? WATCH_EVERY_MS);
}

function askGate(draft: ReleaseDraft, state: Travelling, moment: GateMoment, gate: PinnedGate) {
  const attempts = draft.travelling()?.attempts ?? 0;
  const gateRunId = draft.uuid('gate', state.stage, moment, gate.name, attempts);
  request(draft, state, gate, { gateRunId, moment });
}

function request(
  draft: ReleaseDraft,
  { created, stage }: Travelling,
  { name, spec }: PinnedGate,
  { gateRunId, moment }: { readonly gateRunId: string; readonly moment: GateMoment },
): void {
  const environment = created.stages[stage]?.environment;
  const [first] = created.applications;
  const [build] = first?.packages ?? [];
  if (first === undefined || build === undefined || environment === undefined) return;
  draft.emit('gate.requested', {
    gateRunId,
    moment,
    gate: name,
    spec,
    subject: {
      releaseId: draft.id,
      application: first.application,
      environment,
      build: { name: build.name, evr: created.evr },
    },
  });
  if (spec.kind === 'manual')
    draft.callPerson(
      `${created.pipeline} ${created.evr} waits for an answer in ${environment}`,
      spec.question,
      `Answer with: gantry release-answer ${draft.id} ${name} pass|fail --reason ...`,
    );
}

/** A gate has answered. What asks a person is answered by a person only. */
export function gateFinished(draft: ReleaseDraft, data: Finished, byPerson: boolean): boolean {
  const state = draft.travelling();
  const run = state === undefined ? undefined : pendingRun(state, data.gateRunId);
  if (state === undefined || run === undefined) return false;
  if (isManual(state, run) !== byPerson) return false;
  finish(draft, state, data);
  if (byPerson) draft.dismissPerson(`answered by a person: ${data.verdict}`);
  return true;
}

function finish(draft: ReleaseDraft, state: Travelling, data: Finished): void {
  const { stage } = state;
  const moment = momentOf(state, data.gateRunId);
  if (moment === undefined) return;
  const { gateRunId, gate, verdict, summary, evidence, startedAt, endedAt } = data;
  draft.emit('release.gate-finished', {
    ...{ stage, moment, gate, gateRunId, verdict },
    ...{ summary, evidence, startedAt, endedAt },
  });
}

/** A gate whose answer does not come is asked for again under its own id, and in the end did not answer. */
export function lateGates(draft: ReleaseDraft): void {
  const state = draft.travelling();
  if (state === undefined) return;
  for (const run of pendingRuns(state)) {
    const due = gateDeadline(state, run);
    const gate = pinned(state, run);
    if (gate === undefined || due === undefined || !reached(due, draft.now)) continue;
    if (run.asks < MAX_ASKS || mayBeLost(run.askedAt, draft.meta.heardSince))
      request(draft, state, gate, {
        gateRunId: run.gateRunId,
        moment: momentOf(state, run.gateRunId) ?? 'before',
      });
    else
      finish(draft, state, {
        gateRunId: run.gateRunId,
        gate: run.gate,
        verdict: 'inconclusive',
        summary: `the verifier did not answer, asked ${MAX_ASKS} times`,
        evidence: NOTHING_SEEN,
        startedAt: run.askedAt,
        endedAt: draft.now,
      });
  }
}

/** What was asked is not wanted any more. */
export function cancelGates(draft: ReleaseDraft, reason: string): void {
  const state = draft.travelling();
  if (state === undefined) return;
  for (const { gateRunId } of pendingRuns(state))
    draft.emit('gate.cancel-requested', { gateRunId, reason });
}

/** When a gate's answer is late. A person may take any time. */
export function gateDeadline(state: Travelling, run: GateRun): string | undefined {
  const spec = pinned(state, run)?.spec;
  if (spec === undefined || spec.kind === 'manual') return undefined;
  return plusMs(run.askedAt, spec.deadlineMs + GRACE_MS);
}

/** Gates that were asked and have not answered. */
export const pendingRuns = (state: Travelling): readonly GateRun[] =>
  [...awaited(state), ...state.watch].filter((g) => g.verdict === undefined);

const awaited = ({ phase }: Travelling): readonly GateRun[] =>
  phase.kind === 'before' || phase.kind === 'after' ? phase.gates : [];

function momentOf(state: Travelling, gateRunId: string): GateMoment | undefined {
  if (state.watch.some((g) => g.gateRunId === gateRunId)) return 'watch';
  const { phase } = state;
  return phase.kind === 'before' || phase.kind === 'after' ? phase.kind : undefined;
}

const pendingRun = (state: Travelling, gateRunId: string): GateRun | undefined =>
  pendingRuns(state).find((g) => g.gateRunId === gateRunId);

/** The pending run of a gate by its name, for whoever answers it. */
export const pendingRunOf = (state: Travelling, gate: string): GateRun | undefined =>
  pendingRuns(state).find((g) => g.gate === gate && isManual(state, g));

function pinned(state: Travelling, { gate, gateRunId }: GateRun): PinnedGate | undefined {
  const moment = momentOf(state, gateRunId);
  return moment === undefined ? undefined : stageOf(state)[moment]?.find((g) => g.name === gate);
}

const isManual = (state: Travelling, run: GateRun): boolean =>
  pinned(state, run)?.spec.kind === 'manual';
