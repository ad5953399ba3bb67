import type { DeploymentStatus, HostStatus } from '@gantry/contracts';
import type { Terminal } from '../terminal.js';
import type { Cell } from './table.js';

type Shade = 'green' | 'yellow' | 'red' | 'cyan' | 'dim';

const SHADES: Readonly<Record<DeploymentStatus | HostStatus, Shade>> = {
  requested: 'cyan',
  planned: 'cyan',
  'awaiting-approval': 'yellow',
  waiting: 'yellow',
  running: 'cyan',
  paused: 'yellow',
  verifying: 'cyan',
  succeeded: 'green',
  'succeeded-with-failures': 'yellow',
  cancelling: 'yellow',
  cancelled: 'yellow',
  failed: 'red',
  refused: 'red',
  'rolling-back': 'yellow',
  'rolled-back': 'yellow',
  'rollback-failed': 'red',
  superseded: 'dim',
  expired: 'dim',
  queued: 'dim',
  reserving: 'cyan',
  draining: 'cyan',
  drained: 'cyan',
  'running-puppet': 'cyan',
  enabling: 'cyan',
  done: 'green',
  skipped: 'dim',
  unknown: 'red',
};

/** A status in its colour. */
export function shaded({ colors }: Terminal, status: DeploymentStatus | HostStatus): string {
  return colors[SHADES[status]](status);
}

/** A status in its colour, as a table's cell. */
export function statusCell(terminal: Terminal, status: DeploymentStatus | HostStatus): Cell {
  return { colored: shaded(terminal, status) };
}
