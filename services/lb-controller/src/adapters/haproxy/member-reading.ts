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
// srv_op_state: 1 starting (slow start), 2 running; 0 stopped and 3 stopping get nothing new.
const RUNNING: ReadonlySet<number> = new Set([1, 2]);
// srv_check_state
const CHECK_CONFIGURED = 0x02;

const PASSED = new Set(['L4OK', 'L6OK', 'L7OK']);
const STATE_NUMBERS = [
  'srv_op_state',
  'srv_admin_state',
  'srv_uweight',
  'srv_check_state',
] as const;
const STAT_NUMBERS = ['scur', 'qcur'] as const;

/** What HAProxy shows of one server, as the port wants it; undefined when a number it needs is not one. */
export function memberReading(state: Row, stat: Row): MemberReading | undefined {
  const member = state.get('srv_name');
  const told = numbers(state, STATE_NUMBERS);
  const counted = numbers(stat, STAT_NUMBERS);
  if (member === undefined || !told || !counted) return undefined;
  const bits = told.srv_admin_state;
  const admin = adminOf(bits);
  const running = RUNNING.has(told.srv_op_state);
  const monitor = monitorOf(running, told.srv_check_state, stat);
  const takesTraffic = admin === 'in' && running && told.srv_uweight > 0;
  return {
    member,
    admin,
    ...inheritedOf(bits),
    monitor,
    upProvesCheck: monitor === 'up' && isGradual(stat),
    takesTraffic,
    inService: takesTraffic && (monitor === 'up' || monitor === 'unmonitored'),
    connections: counted.scur + counted.qcur,
    check: checkText(stat, monitor),
  };
}

function adminOf(bits: number): AdminState {
  if ((bits & MAINTENANCE) !== 0) return 'off';
  return (bits & DRAIN) !== 0 ? 'drain' : 'in';
}

function inheritedOf(bits: number): Pick<MemberReading, 'inheritedFrom'> {
  const inherited = INHERITED.find(([bit]) => (bits & bit) !== 0);
  return inherited ? { inheritedFrom: inherited[1] } : {};
}

/**
 * `up` needs the last check passed and health at its top (rise + fall - 1): after maintenance HAProxy assumes a server well,
 * shows the result of the check before it, and betrays itself only by the health count.
 */
function monitorOf(running: boolean, checks: number, stat: Row): MemberReading['monitor'] {
  if ((checks & CHECK_CONFIGURED) === 0) return 'unmonitored';
  if (!running) return 'down';
  // While a check is under way its last result is shown behind a star.
  const passed = PASSED.has((stat.get('check_status') ?? '').replace(/^\* /, ''));
  return passed && isAtFullHealth(stat) ? 'up' : 'checking';
}

function isAtFullHealth(stat: Row): boolean {
  const told = numbers(stat, ['check_health', 'check_rise', 'check_fall']);
  return told !== undefined && told.check_health === told.check_rise + told.check_fall - 1;
}

/** With `fall 1` the state HAProxy assumes after maintenance looks exactly like a passed check; from `fall 2` on it does not. */
function isGradual(stat: Row): boolean {
  return (numbers(stat, ['check_fall'])?.check_fall ?? 1) > 1;
}

function checkText(stat: Row, monitor: MemberReading['monitor']): string {
  if (monitor === 'unmonitored') return 'no health check configured';
  const words = ['check_status', 'check_code'].map((column) => stat.get(column) ?? '');
  const result = words.join(' ').trim() || 'not checked';
  const health = stat.get('check_health') ?? '';
  return `${result}, health ${health || '-'}`;
}

/** The named columns as whole numbers, or undefined when one of them is none. */
function numbers<const C extends string>(
  row: Row,
  columns: readonly C[],
): Readonly<Record<C, number>> | undefined {
  const texts = columns.map((column) => [column, row.get(column) ?? ''] as const);
  if (!texts.every(([, text]) => /^\d{1,15}$/.test(text))) return undefined;
  return Object.fromEntries(texts.map(([column, text]) => [column, Number(text)])) as Record<
    C,
    number
  >;
}
