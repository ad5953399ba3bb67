import type { ReleaseId } from '@gantry/contracts';
import { ignored, refused, type Decision, type Meta } from '../decision.js';
import { advance, requestDeployment } from './advance.js';
import { ReleaseDraft } from './draft.js';
import type { ReleaseFact } from './facts.js';
import { cancelGates, gateFinished, lateGates, pendingRunOf } from './gates.js';
import type { ReleaseInput } from './input.js';
import { stageOf, type ReleaseState } from './state.js';
import { plusMs, reached } from '../time.js';

/** The decision on one input to a release. Pure. */
export function decideRelease(
  input: ReleaseInput,
  state: ReleaseState,
  { id, meta }: { readonly id: ReleaseId; readonly meta: Meta },
): Decision<ReleaseFact> {
  const draft = new ReleaseDraft(id, state, meta, input.sight);
  const answer = take(draft, input);
  if (answer !== undefined) return answer;
  deploymentsEnded(draft);
  unknownDeployments(draft);
  lateGates(draft);
  advance(draft);
  if (draft.facts.length === 0) return ignored('nothing follows from it now');
  return { outcome: 'accepted', events: draft.facts, also: draft.also };
}

function take(draft: ReleaseDraft, input: ReleaseInput): Decision<ReleaseFact> | undefined {
  switch (input.type) {
    case 'release.create':
      if (draft.state.status !== 'none') return ignored('it is on its way already');
      draft.emit('release.created', input.data);
      return undefined;
    case 'look':
      return draft.travelling() === undefined ? ignored('it is not on its way') : undefined;
    case 'gate.finished':
      return gateFinished(draft, input.data, false)
        ? undefined
        : ignored('the release does not wait for this gate');
    case 'release.stop':
    case 'release.pause':
    case 'release.resume':
    case 'release.answer-gate':
      return person(draft, input);
  }
}

type People = Extract<
  ReleaseInput,
  { type: `release.${'stop' | 'pause' | 'resume' | 'answer-gate'}` }
>;

function person(draft: ReleaseDraft, input: People): Decision<ReleaseFact> | undefined {
  if (draft.state.status === 'none')
    return refused(
      'not-found',
      'unknown-release',
      `there is no release ${draft.id}`,
      'Look at the list: gantry releases.',
    );
  if (draft.state.status !== 'travelling')
    return refused(
      'conflict',
      'release-over',
      `the release has ${draft.state.status === 'succeeded' ? 'arrived' : `ended: ${draft.state.status}`}`,
      'A new build makes a new release.',
    );
  switch (input.type) {
    case 'release.stop':
      stop(draft, input.data.reason);
      return undefined;
    case 'release.pause':
      return pause(draft, input.data.reason);
    case 'release.resume':
      return resume(draft, input.data);
    case 'release.answer-gate':
      return answerGate(draft, input.data);
  }
}

function stop(draft: ReleaseDraft, reason: string): void {
  cancelGates(draft, 'the release was stopped');
  draft.dismissPerson('the release was stopped');
  draft.emit('release.stopped', { reason });
}

function pause(draft: ReleaseDraft, reason: string): Decision<ReleaseFact> | undefined {
  if (draft.travelling()?.pause !== undefined) return ignored('it is paused already');
  draft.emit('release.paused', { because: 'person', gate: null, detail: reason });
  return undefined;
}

function resume(
  draft: ReleaseDraft,
  { how, reason }: Extract<People, { type: 'release.resume' }>['data'],
): Decision<ReleaseFact> | undefined {
  if (draft.travelling()?.pause === undefined) return ignored('it is not paused');
  draft.emit('release.resumed', { how, reason });
  draft.dismissPerson('resumed by a person');
  return undefined;
}

function answerGate(
  draft: ReleaseDraft,
  { gate, verdict, reason }: Extract<People, { type: 'release.answer-gate' }>['data'],
): Decision<ReleaseFact> | undefined {
  const state = draft.travelling();
  const run = state === undefined ? undefined : pendingRunOf(state, gate);
  if (state === undefined || run === undefined)
    return refused(
      'conflict',
      'no-such-question',
      `the release does not ask a person about ${gate}`,
      state === undefined || state.stage < 0
        ? 'Look at the release.'
        : `It is in ${stageOf(state).environment}: look at its gates.`,
    );
  const { gateRunId, askedAt: startedAt } = run;
  const finished = { gateRunId, gate, verdict, summary: reason, evidence: {}, startedAt };
  gateFinished(draft, { ...finished, endedAt: draft.now }, true);
  return undefined;
}

/** Deployments that have ended, whoever told of it. */
function deploymentsEnded(draft: ReleaseDraft): void {
  const state = draft.travelling();
  if (state?.phase.kind !== 'deploying') return;
  for (const { deploymentId, application, outcome } of state.phase.deployments) {
    const ended = draft.sight.ended.find((e) => e.deploymentId === deploymentId);
    if (outcome !== undefined || ended === undefined) continue;
    draft.emit('release.deployment-ended', {
      ...{ stage: state.stage, deploymentId, outcome: ended.outcome },
      application: application as never,
      detail: ended.detail.slice(0, 1_000),
    });
  }
}

/** What was asked for and nobody knows after this time is asked for again under its own id: what asked for it may be lost. */
const UNKNOWN_MS = 20_000;

function unknownDeployments(draft: ReleaseDraft): void {
  const state = draft.travelling();
  if (state?.phase.kind !== 'deploying') return;
  for (const { deploymentId, application, askedAt, outcome } of state.phase.deployments) {
    const isUnknown = outcome === undefined && draft.sight.unknown.includes(deploymentId);
    if (isUnknown && reached(plusMs(askedAt, UNKNOWN_MS), draft.now))
      requestDeployment(draft, state, { deploymentId, application });
  }
}
