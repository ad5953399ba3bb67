import type { DataOf, DeploymentPaused } from '@gantry/contracts';
import type { Branch } from './world/branches.js';
import type { World } from './world/world.js';

const OF_TYPE: Readonly<Record<string, Branch>> = {
  'deployment.refused': 'deployment refused',
  'deployment.resumed': 'resumed by a person',
  'deployment.cancel-requested': 'cancelled by a person',
  'deployment.host-step-delayed': 'host retried a step',
  'deployment.host-run-waiting': 'run waited for a lock',
  'attention.closed': 'attention item closed by itself',
  'release.held': 'release held',
  'release.paused': 'release paused',
  'release.succeeded': 'release ended: succeeded',
  'release.failed': 'release ended: failed',
  'release.stopped': 'release ended: stopped',
  'release.superseded': 'release ended: superseded',
  'deployment.succeeded': 'ended: succeeded',
  'deployment.succeeded-with-failures': 'ended: succeeded-with-failures',
  'deployment.failed': 'ended: failed',
  'deployment.cancelled': 'ended: cancelled',
  'deployment.rolled-back': 'ended: rolled-back',
  'deployment.rollback-failed': 'ended: rollback-failed',
};

const DIED: Readonly<Record<string, Branch>> = {
  'before-append': 'died before append',
  'after-append': 'died after append',
  'before-publish': 'died before publish',
  'after-publish': 'died after publish',
  'before-write': 'died before write',
  'after-write': 'died after write',
  'before-run': 'died before run',
  'after-run': 'died after run',
  'before-ack': 'died before ack',
};

/** Counts the rare branches that can be told from what was committed, at the end of a play. */
export function countBranches({ branches, chronicle, crash }: World): void {
  for (const { event } of chronicle.all) {
    const branch = OF_TYPE[event.type] ?? branchOf(event.type, event.data);
    if (branch !== undefined) branches.hit(branch);
  }
  for (const point of crash.died) {
    const branch = DIED[point];
    if (branch !== undefined) branches.hit(branch);
  }
}

function branchOf(type: string, data: unknown): Branch | undefined {
  const { because, reason, outOfService } = data as Readonly<Record<string, unknown>>;
  if (type === 'deployment.paused') return pauseOf(data as DataOf<typeof DeploymentPaused>);
  if (type === 'deployment.rollback-started')
    return because === 'person' ? 'rolled back by a person' : 'rolled back by itself';
  if (type !== 'deployment.host-failed') return undefined;
  if (String(reason).includes('no answer to the')) return 'silence was an answer';
  return outOfService === true ? 'host left out with an attention item' : undefined;
}

function pauseOf({ because, binding }: DataOf<typeof DeploymentPaused>): Branch {
  if (because === 'build-gone') return 'deployment paused because its build is gone';
  if (binding?.startsWith('window') === true) return 'deployment held while its window was closed';
  return because === 'person' ? 'paused by a person' : 'deployment paused by itself';
}
