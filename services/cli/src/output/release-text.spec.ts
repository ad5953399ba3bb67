import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runHere, type Ran } from '../../test/run-here.js';
import {
  frame,
  json,
  startStubGateway,
  stream,
  type StubGateway,
} from '../../test/stub-gateway.js';
import { ID, logEvent } from '../../test/views.js';

const AT = '2026-01-01T00:00:00.000Z';
const clock = {
  ...{ waitingMs: 5_000, gatesMs: 12_000, deployingMs: 40_500, soakMs: 0, approvalMs: 0 },
  ...{ drainMs: 2_000, puppetMs: 30_000, healthMs: 4_000, machineMs: 4_500 },
};
const stage = (environment: string, state: string, change: object = {}) => ({
  ...{ environment, start: 'automatic', state, enteredAt: null, endedAt: null },
  ...{ gates: [], deployments: [], soakUntil: null },
  clock: { waitingMs: 0, gatesMs: 0, deployingMs: 0, soakMs: 0 },
  ...change,
});
const release = (change: object = {}) => ({
  ...{ id: ID, pipeline: 'shop', evr: '1.4.2-1', status: 'travelling', phase: 'deploying' },
  ...{ applications: ['shop'], requestedBy: 'orchestrator', reason: null, targetMs: 60_000 },
  ...{ publishedAt: AT, createdAt: AT, endedAt: null, hold: null, because: '' },
  stages: [
    stage('staging', 'here', {
      ...{ enteredAt: AT, clock, clockNow: { hand: 'puppet', since: AT } },
      deployments: [{ application: 'shop', deploymentId: ID, outcome: null, detail: '' }],
    }),
    stage('production', 'ahead'),
  ],
  clock: { ...clock, deployingMs: 43_000, machineMs: 7_000 },
  ...{ version: 3, position: '1:1', movedAt: AT },
  ...change,
});

describe('gantry release', () => {
  let stub: StubGateway;
  beforeAll(async () => {
    stub = await startStubGateway();
  });
  afterAll(() => stub.close());
  afterEach(() => stub.reset());
  const gantry = (...args: string[]): Promise<Ran> => runHere(args, stub.url);
  const EVENTS = `GET /releases/${ID}/events`;
  const view = (change: object = {}): string => frame('view', release(change));
  const log = (type: string, data: object = {}): string =>
    frame('log', logEvent('7', type, data), '7');
  const over = (status: string, because = ''): string =>
    view({ status, because, phase: 'over', endedAt: AT, version: 4 });

  it('shows for each stage and in all where the time went, what took most first, and the target', async () => {
    stub.on(`GET /releases/${ID}`, json(release()));
    const { exitCode, out } = await gantry('release', ID);
    expect(exitCode).toBe(0);
    expect(out).toContain('staging  here  57.5 s');
    expect(out).toContain(
      '    Puppet 30.0 s, gates 12.0 s, waiting 5.0 s, machine 4.5 s, health 4.0 s, drain 2.0 s\n',
    );
    expect(out).toMatch(/ {4}now puppet, \d+ d more/);
    expect(out).toContain('60.0 s since it was published; target 60.0 s\n');
    expect(out).toContain('production  ahead\n');
  });

  it('says by how much it is over its target, and counts from the wish of who asked for it', async () => {
    stub.on(`GET /releases/${ID}`, json(release({ targetMs: 50_000, reason: 'hotfix' })));
    const { out } = await gantry('release', ID);
    expect(out).toContain('60.0 s since it was asked for; target 50.0 s, 10.0 s over it');
  });

  it('shows one of before, whose time was not told apart', async () => {
    const before = { waitingMs: 1_000, gatesMs: 0, deployingMs: 9_000, soakMs: 0 };
    const stages = [stage('staging', 'passed', { enteredAt: AT, clock: before })];
    const { clock: _none, ...rest } = release({ stages, endedAt: '2026-01-01T00:00:10.000Z' });
    stub.on(`GET /releases/${ID}`, json(rest));
    const { out } = await gantry('release', ID);
    expect(out).toContain('deployment 9.0 s, waiting 1.0 s');
    expect(out).toContain('10.0 s since it was published');
  });

  const endings: [status: string, exitCode: number][] = [
    ['succeeded', 0],
    ['failed', 5],
    ['stopped', 8],
    ['superseded', 10],
  ];
  it.each(endings)(
    '--wait follows it live, and its exit code tells that it %s',
    async (status, code) => {
      stub.on(EVENTS, stream([view(), log('release.stage-passed'), over(status, 'so it is')]));
      const { exitCode, out } = await gantry('release', ID, '--wait');
      expect(exitCode).toBe(code);
      expect(out).toContain('staging  going on  deployment of shop');
      expect(out).toContain(status);
    },
  );

  it('--wait tells each thing once, and goes on when the connection is lost', async () => {
    stub.on(EVENTS, stream([view(), log('x.y'), view()], 'break'), stream([over('succeeded')]));
    const { exitCode, out } = await gantry('release', ID, '--wait');
    expect(exitCode).toBe(0);
    const [told] = out.split('1.4.2-1  succeeded');
    expect(told?.match(/going on {2}deployment of shop/g)).toHaveLength(1);
    expect(out).toContain('trying again');
  });

  it('--wait ends where a gate says neither yes nor no, and not where a person paused it', async () => {
    const paused = (because: string) => log('release.paused', { because, gate: null, detail: '' });
    const stands = view({ phase: 'paused', because: 'no data' });
    stub.on(EVENTS, stream([paused('person'), stands, log('release.resumed'), over('succeeded')]));
    expect((await gantry('release', ID, '--wait')).exitCode).toBe(0);
    stub.on(EVENTS, stream([paused('inconclusive'), stands]));
    expect((await gantry('release', ID, '--wait')).exitCode).toBe(9);
  });

  it('release-start --wait sees through what it started, and --json is one document', async () => {
    stub.on('POST /releases', json({ outcome: 'accepted', id: ID }, 201));
    stub.on(EVENTS, stream([over('succeeded')]));
    const start = ['release-start', 'shop', '1.4.2-1', '--reason', 'now', '--wait'];
    expect((await gantry(...start)).exitCode).toBe(0);
    const { out } = await gantry(...start, '--json');
    expect(JSON.parse(out)).toMatchObject({ id: ID, status: 'succeeded', exitCode: 0 });
  });
});
