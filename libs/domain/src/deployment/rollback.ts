import { clip } from '../text.js';
import { attentionKeyOfDeployment } from './attention-keys.js';
import type { Draft } from './draft.js';
import type { DeploymentHost, Rollout } from './state.js';
import { leaveForward } from './turn-end.js';

/** Hosts a rollback must visit: those that got, or may have got, the new version. Out of service first. */
export function rollbackHosts(state: Rollout): readonly DeploymentHost[] {
  const touched = state.hosts.filter((h) => h.touched);
  return [...touched.filter((h) => h.out), ...touched.filter((h) => !h.out)];
}

/** Touched hosts that are not back at what they had. */
export const notBack = (state: Rollout): readonly DeploymentHost[] =>
  state.hosts.filter(
    (h) => h.touched && !(h.phase.status === 'done' && h.phase.direction === 'back'),
  );

/** Begins the one rollback of a deployment: each touched host back to what it had; the bad build is quarantined. */
export function startRollback(
  draft: Draft,
  because: 'person' | 'failure-budget',
  reason: string,
): void {
  const state = draft.rollout();
  if (state === undefined) return;
  draft.emit('deployment.rollback-started', {
    because,
    reason: clip(reason, 2_000),
    hosts: rollbackHosts(state).map((h) => h.host),
  });
  for (const { name, evr } of state.target.packages) {
    draft.emitBeside('build.quarantined', {
      name,
      evr,
      deploymentId: draft.id,
      reason: clip(`rolled back in ${state.target.environment}: ${reason}`, 500),
    });
  }
  draft.emitBeside('attention.closed', {
    key: attentionKeyOfDeployment(draft.id),
    because: 'a rollback was started',
  });
  for (const { host } of state.hosts) {
    const now = draft.inFlight(host);
    if (now?.phase.status === 'delayed' && now.turn.returning === undefined)
      leaveForward(draft, now);
  }
}
