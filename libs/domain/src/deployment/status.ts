import type { DeploymentAction, DeploymentStatus, HostAction, HostStatus } from '@gantry/contracts';

/** Which status follows which. Data for buttons and documents; a spec holds it against the decider in both directions. */
export const TRANSITIONS: Readonly<Record<DeploymentStatus, readonly DeploymentStatus[]>> = {
  requested: ['refused', 'planned', 'cancelled', 'superseded'],
  refused: [],
  planned: ['running', 'awaiting-approval'],
  'awaiting-approval': ['planned', 'refused', 'cancelled', 'superseded', 'expired'],
  waiting: [],
  running: ['paused', 'verifying', 'cancelling', 'rolling-back'],
  paused: ['running', 'cancelling', 'rolling-back'],
  verifying: ['succeeded', 'succeeded-with-failures', 'failed', 'cancelling', 'rolling-back'],
  succeeded: [],
  'succeeded-with-failures': [],
  cancelling: ['cancelled'],
  cancelled: [],
  failed: [],
  'rolling-back': ['rolled-back', 'rollback-failed'],
  'rolled-back': [],
  'rollback-failed': [],
  superseded: [],
  expired: [],
};

/** Terminal states are final: no event of the deployment follows them. */
export function isTerminal(status: DeploymentStatus): boolean {
  switch (status) {
    case 'refused':
    case 'succeeded':
    case 'succeeded-with-failures':
    case 'cancelled':
    case 'failed':
    case 'rolled-back':
    case 'rollback-failed':
    case 'superseded':
    case 'expired':
      return true;
    case 'requested':
    case 'planned':
    case 'awaiting-approval':
    case 'waiting':
    case 'running':
    case 'paused':
    case 'verifying':
    case 'cancelling':
    case 'rolling-back':
      return false;
  }
}

/** What people may do in each state; whether it also makes sense now is the decider's answer. */
export const ALLOWED_ACTIONS: Readonly<Record<DeploymentStatus, readonly DeploymentAction[]>> = {
  requested: ['cancel'],
  refused: [],
  planned: [],
  'awaiting-approval': ['cancel'],
  waiting: ['cancel'],
  running: ['pause', 'cancel', 'rollback'],
  paused: ['resume', 'cancel', 'rollback'],
  verifying: ['cancel', 'rollback'],
  succeeded: [],
  'succeeded-with-failures': [],
  cancelling: [],
  cancelled: [],
  failed: [],
  'rolling-back': [],
  'rolled-back': [],
  'rollback-failed': [],
  superseded: [],
  expired: [],
};

/** What people may do to one host, by the state of its deployment and its own. On the way back every host has its turn. */
export function allowedHostActions(
  deployment: DeploymentStatus,
  host: HostStatus,
): readonly HostAction[] {
  if (deployment !== 'running' && deployment !== 'paused') return [];
  switch (host) {
    case 'queued':
      return ['skip'];
    case 'failed':
    case 'skipped':
      return ['retry'];
    case 'reserving':
    case 'draining':
    case 'drained':
    case 'running-puppet':
    case 'verifying':
    case 'enabling':
    case 'done':
    case 'unknown':
      return [];
  }
}
