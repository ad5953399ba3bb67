import type { ClockHand } from '@gantry/contracts';
import { firstHand, isTerminal, lineMarked } from '@gantry/domain';
import type { DeploymentHostEventType } from './deployment-host.handlers.js';
import type { DeploymentRecord, HostRecord } from './deployment.record.js';
import type { LogEvent } from './log-event.js';

/** What a host's time goes to after each event of its turn; `same` = as before. What a step has to wait for is that step's. */
const AFTER: Readonly<Record<DeploymentHostEventType, ClockHand | 'same'>> = {
  'deployment.host-surveyed': 'same',
  'deployment.host-reserved': 'machine',
  'lb.drain.requested': 'drain',
  'deployment.host-drained': 'machine',
  'puppet.publish.requested': 'machine',
  'deployment.host-version-published': 'same',
  'puppet.run.requested': 'machine',
  'puppet.query.requested': 'same',
  'deployment.host-run-waiting': 'puppet',
  'deployment.host-run-started': 'puppet',
  'deployment.host-run-finished': 'health',
  'deployment.host-verified': 'health',
  'lb.enable.requested': 'health',
  'deployment.host-enabled': 'machine',
  'deployment.host-step-delayed': 'same',
  'deployment.host-returning': 'machine',
  'deployment.host-done': 'same',
  'deployment.host-failed': 'same',
  'deployment.host-skipped': 'same',
  'deployment.host-retried': 'same',
};

/** The host with what its time goes to from now on; only a turn has a clock. */
export function withHand(host: HostRecord, type: DeploymentHostEventType): HostRecord {
  const hand = AFTER[type];
  return host.clock === null || hand === 'same'
    ? host
    : { ...host, clock: { ...host.clock, hand } };
}

/** The deployment with what its time goes to from this event on. One that was requested before this was written down has no line. */
export function withLine(record: DeploymentRecord, { at }: LogEvent): DeploymentRecord {
  if (record.line === undefined) return record;
  const line = lineMarked(record.line, at, handOf(record));
  return line === record.line ? record : { ...record, line };
}

/** What a turn that goes on does; where none does, what keeps the next from beginning. */
function handOf(record: DeploymentRecord): ClockHand | null {
  if (isTerminal(record.status)) return null;
  // A rebuild comes by here once for every event of every deployment: nothing is made for each host.
  const hands = new Set<ClockHand>();
  for (const { clock } of record.progress) if (clock !== null) hands.add(clock.hand ?? 'machine');
  return firstHand(hands) ?? betweenTurns(record);
}

function betweenTurns({ status, approval, progress, pauseHand }: DeploymentRecord): ClockHand {
  switch (status) {
    case 'awaiting-approval':
      // Once all have agreed the plan is made again.
      return approval?.missing === 0 ? 'machine' : 'approval';
    case 'paused':
      return pauseHand ?? 'approval';
    case 'waiting':
      return 'waiting';
    case 'running':
    case 'rolling-back':
      return progress.some((host) => host.status === 'queued') ? 'waiting' : 'machine';
    case 'requested':
    case 'planned':
    case 'verifying':
    case 'cancelling':
    case 'refused':
    case 'succeeded':
    case 'succeeded-with-failures':
    case 'failed':
    case 'cancelled':
    case 'rolled-back':
    case 'rollback-failed':
    case 'superseded':
    case 'expired':
      return 'machine';
  }
}
