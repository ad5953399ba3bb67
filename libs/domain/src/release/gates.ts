import type { DataOf, GateFinished, PinnedGate } from '@gantry/contracts';
import { mayBeLost, plusMs, reached } from '../time.js';
import type { ReleaseDraft } from './draft.js';
import { stageOf, type GateRun, type Travelling } from './state.js';

/** The gates of a stage are asked at one of two moments. */
export type Moment = 'before' | 'after';

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

function askGate(draft: ReleaseDraft, state: Travelling, moment: Moment, gate: PinnedGate): void {
  const attempts = draft.travelling()?.attempts ?? 0;
  request(draft, state, gate, draft.uuid('gate', state.stage, moment, gate.name, attempts));
}

function request(
  draft: ReleaseDraft,
  { created, stage }: Travelling,
  { name, spec }: PinnedGate,
  gateRunId: string,
): void {
  const environment = created.stages[stage]?.environment;
  const [first] = created.applications;
  const [build] = first?.packages ?? [];
  if (first === undefined || build === undefined || environment === undefined) return;
  draft.emit('gate.requested', {
    gateRunId,
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

function finish(draft: ReleaseDraft, { stage, phase }: Travelling, data: Finished): void {
  if (phase.kind !== 'before' && phase.kind !== 'after') return;
  const { gateRunId, gate, verdict, summary, evidence, startedAt, endedAt } = data;
  draft.emit('release.gate-finished', {
    ...{ stage, moment: phase.kind, gate, gateRunId, verdict },
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
      request(draft, state, gate, run.gateRunId);
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
export const pendingRuns = ({ phase }: Travelling): readonly GateRun[] =>
  phase.kind === 'before' || phase.kind === 'after'
    ? phase.gates.filter((g) => g.verdict === undefined)
    : [];

const pendingRun = (state: Travelling, gateRunId: string): GateRun | undefined =>
  pendingRuns(state).find((g) => g.gateRunId === gateRunId);

/** The pending run of a gate by its name, for whoever answers it. */
export const pendingRunOf = (state: Travelling, gate: string): GateRun | undefined =>
  pendingRuns(state).find((g) => g.gate === gate && isManual(state, g));

function pinned(state: Travelling, { gate }: GateRun): PinnedGate | undefined {
  const { before, after } = stageOf(state);
  return (state.phase.kind === 'before' ? before : after).find((g) => g.name === gate);
}

const isManual = (state: Travelling, run: GateRun): boolean =>
  pinned(state, run)?.spec.kind === 'manual';
