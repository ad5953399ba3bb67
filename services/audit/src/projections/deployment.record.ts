import type {
  ClockHand,
  DeploymentSummary,
  DeploymentView,
  HostProgressView,
} from '@gantry/contracts';
import { ALLOWED_ACTIONS, allowedHostActions, type HandLine } from '@gantry/domain';

/** Instants and waits of a host's present turn, from which its timings are made when it is done. */
export interface TurnClock {
  readonly reservedAt: string;
  readonly drainMs: number;
  readonly runMs: number;
  readonly runFinishedAt: string | null;
  readonly healthMs: number;
  readonly enableMs: number;
  /** What its time goes to now. */
  readonly hand?: ClockHand;
}

/** One host of a deployment as it is kept. */
export type HostRecord = Omit<HostProgressView, 'allowedActions'> & {
  readonly clock: TurnClock | null;
};

/** A deployment as it is kept; what can be computed from the rest is not. */
export type DeploymentRecord = Omit<DeploymentView, 'hosts' | 'allowedActions' | 'progress'> & {
  readonly progress: readonly HostRecord[];
  /** What its time went to. A row of before that was written down has none. */
  readonly line?: HandLine<ClockHand>;
  /** What the time of its pause goes to. */
  readonly pauseHand?: 'approval' | 'waiting';
};

/** What is kept beside a deployment for lists: what they show, and what the clock of its release needs. */
export interface DeploymentSummaryRow extends DeploymentSummary {
  readonly line?: HandLine<ClockHand>;
}

/** The deployment as its page shows it. */
export function deploymentView(record: DeploymentRecord): DeploymentView {
  const { status, progress, findings, pools, planHash, pausedBecause, limits } = record;
  const { version, position } = record;
  return {
    ...deploymentSummary(record),
    planHash,
    findings,
    pools,
    pausedBecause,
    limits,
    allowedActions: [...ALLOWED_ACTIONS[status]],
    progress: progress.map(({ clock: _clock, ...host }) => ({
      ...host,
      allowedActions: [...allowedHostActions(status, host.status)],
    })),
    version,
    position,
  };
}

/** The deployment as it is kept for lists. */
export const deploymentSummaryRow = (record: DeploymentRecord): DeploymentSummaryRow => ({
  ...deploymentSummary(record),
  ...(record.line === undefined ? {} : { line: record.line }),
});

/** The deployment as lists show it. */
export function deploymentSummary(record: DeploymentRecord): DeploymentSummary {
  const { id, application, environment, evr, status, reason } = record;
  const { requestedBy, requestedAt, startedAt, endedAt, progress } = record;
  return {
    id,
    application,
    environment,
    evr,
    status,
    reason,
    requestedBy,
    requestedAt,
    startedAt,
    endedAt,
    hosts: countsOf(progress),
    // A row of before there were approvals has none.
    approval: record.approval ?? null,
  };
}

const IN_FLIGHT: ReadonlySet<HostProgressView['status']> = new Set([
  'reserving',
  'draining',
  'drained',
  'running-puppet',
  'verifying',
  'enabling',
]);

function countsOf(progress: readonly HostRecord[]): DeploymentSummary['hosts'] {
  const count = (test: (status: HostProgressView['status']) => boolean): number =>
    progress.filter(({ status }) => test(status)).length;
  return {
    total: progress.length,
    done: count((status) => status === 'done'),
    failed: count((status) => status === 'failed' || status === 'unknown'),
    inFlight: count((status) => IN_FLIGHT.has(status)),
  };
}

/** Whether the host's turn is going on. */
export const isHostInFlight = (host: HostRecord): boolean => IN_FLIGHT.has(host.status);
