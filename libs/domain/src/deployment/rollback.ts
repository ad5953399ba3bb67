import type { Draft } from './draft.js';
import { attentionKeyOfDeployment } from './attention-keys.js';
import type { DeploymentHost, Rollout } from './state.js';
import { requestDrain, type HostInFlight } from './steps.js';
import { giveUpUnchanged } from './turn-end.js';

/** Hosts a rollback must visit: those that got, or may have got, the new version. Out of service first. */
export function rollbackHosts(state: Rollout): readonly DeploymentHost[] {
  const touched = state.hosts.filter((h) => h.touched);
  return [...touched.filter((h) => h.out), ...touched.filter((h) => !h.out)];
}

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
    reason,
    hosts: rollbackHosts(state).map((h) => h.host),
  });
  for (const { name, evr } of state.target.packages) {
    draft.emitBeside('build.quarantined', {
      name,
      evr,
      deploymentId: draft.id,
      reason: `rolled back in ${state.target.environment}: ${reason}`.slice(0, 500),
    });
  }
  draft.emitBeside('attention.closed', {
    key: attentionKeyOfDeployment(draft.id),
    because: 'a rollback was started',
  });
  for (const host of state.hosts) {
    if (host.turn !== undefined && host.phase.status === 'delayed')
      leaveForward(draft, { ...host, turn: host.turn });
  }
}

/** Whether this turn goes the old way although the deployment goes back by now. */
export function isOvertaken(draft: Draft, host: HostInFlight): boolean {
  return draft.rollout()?.status === 'rolling-back' && host.turn.direction === 'forward';
}

/** An overtaken turn comes to a point where it can end: untouched hosts return to service, touched ones turn round. */
export function leaveForward(draft: Draft, host: HostInFlight): void {
  if (!host.touched) {
    giveUpUnchanged(
      draft,
      host,
      { step: null, reason: 'rolled back before it was changed' },
      'noise',
    );
    return;
  }
  draft.emit('deployment.host-reserved', {
    host: host.host,
    direction: 'back',
    attempt: host.attempts + 1,
    epoch: draft.number(),
  });
  const now = draft.host(host.host);
  if (now?.turn !== undefined) requestDrain(draft, { ...now, turn: now.turn });
}
