import type { Draft } from './draft.js';
import { requestDrain, wantedOf, type HostInFlight } from './steps.js';
import type { DeploymentHost } from './state.js';

/** Whether this turn goes the old way although the deployment goes back by now. */
export function isOvertaken(draft: Draft, host: HostInFlight): boolean {
  return draft.rollout()?.status === 'rolling-back' && host.turn.direction === 'forward';
}

/** Whether the log knows what the host had before: without that it cannot be brought back to anything. */
export function hasWayBack(draft: Draft, host: DeploymentHost): boolean {
  const rollout = draft.rollout();
  return rollout !== undefined && wantedOf(rollout, host, 'back') !== undefined;
}

/** Why a host without a way back fails. */
export const NO_WAY_BACK = 'nothing was installed before: there is no version to go back to';

/** The host stays ours and begins its way back from where it is. */
export function turnRound(draft: Draft, host: HostInFlight): void {
  draft.emit('deployment.host-reserved', {
    host: host.host,
    direction: 'back',
    attempt: host.attempts + 1,
    epoch: draft.number(),
  });
  const now = draft.inFlight(host.host);
  if (now !== undefined) requestDrain(draft, now);
}
