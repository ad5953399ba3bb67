import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isGantryError } from '@gantry/service-kit';
import { readPoolAnswer } from './pool-answer.js';

interface Server {
  readonly name?: string;
  readonly op?: number;
  readonly admin?: number;
  readonly weight?: number;
  readonly checkState?: number;
  readonly status?: string;
  readonly check?: string;
  readonly health?: number | '';
  readonly fall?: number;
  readonly scur?: number;
  readonly qcur?: number;
}

/** An answer in HAProxy's form; the columns this driver does not use stand in between, as they do there. */
function answer(servers: readonly Server[], info = 'Name: HAProxy\nPid: 4711\nUptime_sec: 9\n') {
  const states = servers.map(
    ({ name = 'web1', op = 2, admin = 0, weight = 1, checkState = 6 }) =>
      `2 web 1 ${name} 127.0.0.1 ${op} ${admin} ${weight} 1 5 15 3 3 ${checkState}\n`,
  );
  const stats = servers.map(
    ({ name = 'web1', status = 'UP', check = 'L7OK', health = 3, fall = 2, scur = 0, qcur = 0 }) =>
      `web,${name},${qcur},0,${scur},${status},${check},200,"passed, ""well""",2,${fall},${health},\n`,
  );
  return (
    `${info}\n` +
    '1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight ' +
    'srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state\n' +
    `${states.join('')}\n` +
    '# pxname,svname,qcur,qmax,scur,status,check_status,check_code,check_desc,check_rise,check_fall,check_health,\n' +
    `${stats.join('')}\n`
  );
}

const read = (text: string) => readPoolAnswer('lb1', 'web', text);
const readOne = (server: Server) => read(answer([server])).members[0];

describe("HAProxy's answer about a pool", () => {
  it('tells epoch and age from the process that answered', () => {
    expect(read(answer([{}]))).toMatchObject({ epoch: '4711', epochAgeMs: 9_000 });
  });

  it('counts running and queued connections', () => {
    expect(readOne({ scur: 3, qcur: 2 })?.connections).toBe(5);
  });

  it.each<[string, Server, object]>([
    ['well', {}, { admin: 'in', monitor: 'up', upProvesCheck: true, inService: true }],
    [
      'at its top before any check after maintenance, since one failure is enough',
      { health: 2, fall: 1 },
      { monitor: 'up', upProvesCheck: false },
    ],
    [
      'without check',
      { checkState: 0, status: 'no check', check: '', health: '' },
      { monitor: 'unmonitored', inService: true },
    ],
    [
      'in drain',
      { admin: 8, status: 'DRAIN' },
      { admin: 'drain', monitor: 'up', inService: false },
    ],
    [
      'in drain while its check fails',
      { admin: 8, op: 0, status: 'DOWN', check: 'L7STS', health: 0 },
      { admin: 'drain', monitor: 'down' },
    ],
    [
      'in maintenance',
      { admin: 1, op: 0, status: 'MAINT', check: '', health: 0, checkState: 14 },
      { admin: 'off', inService: false },
    ],
    [
      'in maintenance by a tracked server',
      { admin: 2, op: 0, status: 'MAINT (via be/a)' },
      { admin: 'off', inheritedFrom: 'a tracked server in maintenance' },
    ],
    [
      'in drain by a tracked server',
      { admin: 16, status: 'DRAIN' },
      { admin: 'drain', inheritedFrom: 'a tracked server in drain' },
    ],
    ['without address', { admin: 0x20, op: 0 }, { admin: 'off', inheritedFrom: 'DNS resolution' }],
    [
      'disabled in the configuration, enabled since',
      { admin: 4 },
      { admin: 'in', inService: true },
    ],
    [
      'assumed well after maintenance, with the old result',
      { status: 'UP 1/2', health: 2 },
      { monitor: 'checking', takesTraffic: true, inService: false },
    ],
    [
      'not checked since the reload',
      { check: 'INI' },
      { monitor: 'checking', takesTraffic: true, inService: false },
    ],
    ['being checked', { check: '* L7OK' }, { monitor: 'up', inService: true }],
    [
      'down',
      { op: 0, status: 'DOWN', check: 'L4CON', health: 0 },
      { admin: 'in', monitor: 'down', takesTraffic: false },
    ],
    ['starting slowly', { op: 1 }, { takesTraffic: true, inService: true }],
    ['stopping', { op: 3, status: 'NOLB' }, { takesTraffic: false, inService: false }],
    ['of weight 0', { weight: 0 }, { admin: 'in', takesTraffic: false, inService: false }],
  ])('knows a server that is %s', (_name, server, expected) => {
    expect(readOne(server)).toMatchObject(expected);
  });

  it('says when it does not know the backend', () => {
    const unknown = "Pid: 1\nUptime_sec: 1\n\nCan't find backend.\n\nNo such proxy.\n\n";
    expect(() => read(unknown)).toThrow(expect.objectContaining({ code: 'lb.not-found' }));
  });

  it('is refused as a whole wherever it was cut', () => {
    const whole = answer([{ name: 'web1' }, { name: 'web2' }]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => read(whole.slice(0, length))).toThrow(
        expect.objectContaining({ code: 'lb.unreadable' }),
      );
    }
  });

  it('is read or refused with a typed error, whatever it says', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(...answer([{}, { name: 'web2' }]).split('\n')),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        try {
          for (const member of read(`${lines.join('\n')}\n\n`).members)
            expect(member.connections).toBeGreaterThanOrEqual(0);
        } catch (error) {
          if (!isGantryError(error)) throw error;
          expect(error.code).toMatch(/^lb\.(?:unreadable|not-found)$/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('survives any change of a few characters', () => {
    const whole = answer([{}, { name: 'web2', admin: 8 }]);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const text = changes.reduce((t, [at, by]) => t.slice(0, at) + by + t.slice(at + 1), whole);
        try {
          for (const member of read(text).members)
            expect(['in', 'drain', 'off']).toContain(member.admin);
        } catch (error) {
          expect(isGantryError(error)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
