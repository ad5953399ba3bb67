import { latest, plusMs, reached, toMs } from '../time.js';
import { notBackItem, notSeenItem } from './attention.js';
import type { Draft } from './draft.js';
import { notBack } from './rollback.js';
import { allEnded, anyInFlight } from './rollout.js';
import { ALREADY_THERE } from './skip-reasons.js';
import { isOutOfService } from './standing.js';
import type { DeploymentHost, Rollout } from './state.js';
import { requestPoolSurvey } from './steps.js';
import { LOOK_AGAIN_MS, REREAD_MS, VERIFY_MS } from './timing.js';

/** Every turn is over: the pools are read once more, and only what they show counts. */
export function endVerified(draft: Draft, state: Rollout): void {
  // A host that another has taken out since is in that one's hands: its chain of proof was whole before.
  const ours = state.hosts.filter((h) => !draft.admission.claimed.has(h.host));
  const unseen = ours.filter((h) => h.phase.status === 'done' && isUnseen(h, state));
  const since = latest(state.since, draft.meta.heardSince);
  const patient = !reached(plusMs(since, VERIFY_MS), draft.now);
  if (patient && (!isReadSince(state) || unseen.length > 0)) {
    lookAgain(draft, state);
    return;
  }
  for (const { host } of unseen)
    draft.emitBeside('attention.opened', notSeenItem(draft.id, state.target, host));
  declare(draft, state, unseen);
}

/** Whether there is a reading that was asked for after the last turn ended. */
const isReadSince = ({ target, poolsAsked, poolsAt, since }: Rollout): boolean =>
  target.pools.length === 0 || (poolsAsked?.answered === true && toMs(poolsAt) >= toMs(since));

const isUnseen = (host: DeploymentHost, state: Rollout): boolean =>
  host.memberships.length > 0 && isOutOfService(host, state);

function lookAgain(draft: Draft, { poolsAsked }: Rollout): void {
  if (poolsAsked === undefined) return;
  const pause = poolsAsked.answered ? LOOK_AGAIN_MS : REREAD_MS;
  if (reached(plusMs(poolsAsked.askedAt, pause), draft.now)) requestPoolSurvey(draft);
}

/** A deployment with a failed, skipped or unseen host is never called succeeded. */
function declare(draft: Draft, state: Rollout, unseen: readonly DeploymentHost[]): void {
  const bad = state.hosts
    .filter((h) => h.phase.status === 'failed' || isMissed(h) || unseen.includes(h))
    .map((h) => h.host);
  const good = state.hosts.some((h) => h.phase.status === 'done' && !unseen.includes(h));
  if (bad.length === 0) draft.emit('deployment.succeeded', {});
  else if (good) draft.emit('deployment.succeeded-with-failures', { failed: bad });
  else draft.emit('deployment.failed', { reason: `no host was brought to ${state.target.evr}` });
}

/** Skipped although the version was wanted there: a host that had it already is no miss. */
const isMissed = (host: DeploymentHost): boolean =>
  host.phase.status === 'skipped' && host.phase.reason !== ALREADY_THERE;

/** After a cancel: over as soon as nothing is in flight any more. */
export function endCancelled(draft: Draft, state: Rollout): void {
  if (anyInFlight(state)) return;
  for (const { host, phase } of state.hosts) {
    if (phase.status === 'queued')
      draft.emit('deployment.host-skipped', { host, reason: 'cancelled before its turn' });
  }
  draft.emit('deployment.cancelled', {});
}

/** After a rollback: over as soon as every turn is; hosts that are not back are named. A rollback is never rolled back. */
export function endRollback(draft: Draft): void {
  const state = draft.rollout();
  if (state === undefined || !allEnded(state)) return;
  const failed = notBack(state).map((h) => h.host);
  if (failed.length === 0) {
    draft.emit('deployment.rolled-back', {});
    return;
  }
  draft.emit('deployment.rollback-failed', { failed });
  draft.emitBeside('attention.opened', notBackItem(draft.id, state.target, failed));
}
