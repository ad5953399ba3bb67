import type { AdminState, MemberReading } from '../../ports/load-balancer-driver.port.js';
import type { Row } from './answer-tables.js';

// srv_admin_state: 01 maintenance, 02 by a tracked server, 08 drain, 10 by a tracked server, 20 by DNS.
// 04 (config `disabled`) stays set after `ready` and means nothing alone.
const MAINTENANCE = 0x23;
const DRAIN = 0x18;
const INHERITED: readonly (readonly [bit: number, from: string])[] = [
  [0x02, 'a tracked server in maintenance'],
  [0x10, 'a tracked server in drain'],
  [0x20, 'DNS resolution'],
];
// srv_op_state
const STARTING = 1;
const RUNNING = 2;
// srv_check_state
const CHECK_CONFIGURED = 0x02;

const PASSED = new Set(['L4OK', 'L6OK', 'L7OK']);

/** What HAProxy shows of one server, as the port wants it; undefined when a number it needs is not one. */
export function memberReading(state: Row, stat: Row): MemberReading | undefined {
  const op = integer(state.get('srv_op_state'));
  const bits = integer(state.get('srv_admin_state'));
  const weight = integer(state.get('srv_uweight'));
  const checks = integer(state.get('srv_check_state'));
  const sessions = integer(stat.get('scur'));
  const queued = integer(stat.get('qcur'));
  const member = state.get('srv_name');
  const numbers = [op, bits, weight, checks, sessions, queued];
  if (member === undefined || numbers.includes(undefined)) return undefined;
  const admin = adminOf(bits ?? 0);
  const monitor = monitorOf(op ?? 0, checks ?? 0, stat);
  const running = op === STARTING || op === RUNNING;
  const takesTraffic = admin === 'in' && running && (weight ?? 0) > 0;
  const inherited = INHERITED.find(([bit]) => ((bits ?? 0) & bit) !== 0);
  return {
    member,
    admin,
    ...(inherited ? { inheritedFrom: inherited[1] } : {}),
    monitor,
    takesTraffic,
    inService: takesTraffic && (monitor === 'up' || monitor === 'unmonitored'),
    connections: (sessions ?? 0) + (queued ?? 0),
    check: checkText(stat, monitor),
  };
}

function adminOf(bits: number): AdminState {
  if ((bits & MAINTENANCE) !== 0) return 'off';
  return (bits & DRAIN) !== 0 ? 'drain' : 'in';
}

/**
 * `up` needs the last check passed and health at its top (rise + fall - 1): after maintenance HAProxy assumes a server well,
 * shows the result of the check before it, and betrays itself only by the health count.
 */
function monitorOf(op: number, checks: number, stat: Row): MemberReading['monitor'] {
  if ((checks & CHECK_CONFIGURED) === 0) return 'unmonitored';
  if (op !== STARTING && op !== RUNNING) return 'down';
  const health = integer(stat.get('check_health'));
  const top = (integer(stat.get('check_rise')) ?? 0) + (integer(stat.get('check_fall')) ?? 0) - 1;
  // While a check is under way its last result is shown behind a star.
  const passed = PASSED.has((stat.get('check_status') ?? '').replace(/^\* /, ''));
  return passed && health === top ? 'up' : 'checking';
}

function checkText(stat: Row, monitor: MemberReading['monitor']): string {
  if (monitor === 'unmonitored') return 'no health check configured';
  const result = [stat.get('check_status'), stat.get('check_code')].filter(Boolean).join(' ');
  return `${result || 'not checked'}, health ${stat.get('check_health') || '-'}`;
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
