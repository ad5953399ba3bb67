import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runHere, type Ran } from '../test/run-here.js';
import {
  frame,
  json,
  problem,
  startStubGateway,
  stream,
  type StubGateway,
} from '../test/stub-gateway.js';
import { deploymentView, ID, logEvent, refreshView } from '../test/views.js';

let stub: StubGateway;
beforeAll(async () => {
  stub = await startStubGateway();
});
afterAll(() => stub.close());
afterEach(() => stub.reset());

const gantry = (...args: string[]): Promise<Ran> => runHere(args, stub.url);
const DEPLOY = ['deploy', 'shop', '1.2.0-1', '--to', 'production'];
const EVENTS = `GET /deployments/${ID}/events`;
const accepted = json({ outcome: 'accepted', id: ID }, 201);
const view = (status: string, change: object = {}) => frame('view', deploymentView(status, change));
const paused = (because: string) =>
  frame('log', logEvent('5', 'deployment.paused', { because, reason: 'one host failed' }), '5');
const resumed = frame('log', logEvent('6', 'deployment.resumed'), '6');
const confirm = {
  severity: 'confirm',
  code: 'downgrade',
  message: 'It is older.',
  todo: 'Accept downgrade.',
};
const block = {
  severity: 'block',
  code: 'quarantined',
  message: 'The build is bad.',
  todo: 'Lift it.',
};

describe('deploy --wait exits', () => {
  it('9, with what to do, on a pause over the failure budget', async () => {
    stub
      .on('POST /deployments', accepted)
      .on(EVENTS, stream([paused('failure-budget'), view('paused')]));
    const { exitCode, out } = await gantry(...DEPLOY, '--wait');
    expect(exitCode).toBe(9);
    expect(out).toContain('one host failed');
    for (const action of ['resume', 'rollback', 'cancel'])
      expect(out).toContain(`gantry ${action} ${ID}`);
  });

  it.each([
    ['a person paused it', [paused('person'), view('paused')]],
    ['the pause is over', [paused('failure-budget'), resumed, view('paused')]],
  ])('not yet while %s', async (_what, frames) => {
    stub.on('POST /deployments', accepted).on(EVENTS, stream([...frames, view('succeeded')]));
    expect(await gantry(...DEPLOY, '--wait')).toMatchObject({ exitCode: 0 });
  });

  it('only after the stream was resumed when it broke', async () => {
    stub
      .on('POST /deployments', accepted)
      .on(EVENTS, stream([view('running')], 'break'), stream([view('succeeded')]));
    const { exitCode, out } = await gantry(...DEPLOY, '--wait');
    expect(exitCode).toBe(0);
    expect(out).toContain('Connection lost');
  });

  it('12 when the wait takes too long', async () => {
    stub.on('POST /deployments', accepted).on(EVENTS, stream([view('running')]));
    const { exitCode, err } = await gantry(...DEPLOY, '--wait', '--timeout', '1');
    expect(exitCode).toBe(12);
    expect(err).toContain(`gantry watch ${ID}`);
  });

  it('3 when nothing was made', async () => {
    stub.on('POST /deployments', json({ outcome: 'ignored', because: 'It runs there.', id: ID }));
    stub.on(`GET /deployments/${ID}`, problem(404, 'deployment.not-found'));
    const { exitCode, out } = await gantry(...DEPLOY, '--wait');
    expect(exitCode).toBe(3);
    expect(out).toContain('It runs there.');
  });
});

describe('a refused command exits', () => {
  it.each([
    [2, 400, {}],
    [2, 404, {}],
    [2, 413, {}],
    [2, 422, {}],
    [3, 409, {}],
    [3, 422, { findings: [block] }],
    [1, 500, {}],
    [1, 502, {}],
  ])('%d on HTTP %d', async (exitCode, status, more) => {
    stub.on('POST /deployments', problem(status, 'the.code', { todo: 'Do this.', ...more }));
    const ran = await gantry(...DEPLOY);
    expect(ran).toMatchObject({ exitCode, out: '' });
    expect(ran.err).toContain('It is the.code. (the.code)');
    expect(ran.err).toContain('Do this.');
  });

  it('11 when the server is not ready, after some patience', async () => {
    stub.on('GET /hosts', problem(503, 'bus.no-answer'));
    expect(await gantry('hosts')).toMatchObject({ exitCode: 11 });
    expect(stub.calls.length).toBeGreaterThan(1);
  });
});

describe('findings', () => {
  const refusal = (...findings: object[]) => problem(409, 'guard.findings', { findings });

  it('are shown, and nothing is accepted for the person', async () => {
    stub.on('POST /deployments', refusal(confirm));
    const { exitCode, err } = await gantry(...DEPLOY);
    expect(exitCode).toBe(3);
    expect(err).toContain('downgrade: It is older.');
    expect(stub.calls).toHaveLength(1);
  });

  it('are accepted by --yes, under a new key', async () => {
    stub.on('POST /deployments', refusal(confirm), accepted);
    expect(await gantry(...DEPLOY, '--yes', '--accept', 'other')).toMatchObject({ exitCode: 0 });
    expect(stub.calls.map(({ body }) => (body as { accept: string[] }).accept)).toEqual([
      ['other'],
      ['other', 'downgrade'],
    ]);
    expect(stub.calls[0]?.key).not.toBe(stub.calls[1]?.key);
  });

  it.each([
    [true, 0, 2],
    [false, 3, 1],
  ])('are put to the person, who says %s', async (answer, exitCode, calls) => {
    stub.on('POST /deployments', refusal(confirm), accepted);
    expect(await runHere(DEPLOY, stub.url, { isTty: true, answer })).toMatchObject({ exitCode });
    expect(stub.calls).toHaveLength(calls);
  });

  it('that block are not got over by --yes', async () => {
    stub.on('POST /deployments', refusal(confirm, block));
    expect(await gantry(...DEPLOY, '--yes')).toMatchObject({ exitCode: 3 });
    expect(stub.calls).toHaveLength(1);
  });

  it('of the planner are accepted by --yes too', async () => {
    const second = ID.replace(/1$/, '2');
    stub
      .on('POST /deployments', accepted, json({ outcome: 'accepted', id: second }, 201))
      .on(EVENTS, stream([view('refused', { findings: [confirm] })]))
      .on(`GET /deployments/${second}/events`, stream([view('succeeded')]));
    expect(await gantry(...DEPLOY, '--yes', '--wait')).toMatchObject({ exitCode: 0 });
    expect(stub.calls.at(-2)?.body).toMatchObject({ accept: ['downgrade'] });
  });

  it('that stay are not asked about for ever', async () => {
    stub.on('POST /deployments', refusal(confirm));
    expect(await gantry(...DEPLOY, '--yes')).toMatchObject({ exitCode: 3 });
    expect(stub.calls).toHaveLength(2);
  });
});

describe('wrong usage exits 2 and calls nobody', () => {
  it.each([
    [['deploy', 'shop', '1.2.0-1']],
    [['deploy', 'shop', '--to', 'production']],
    [['deplyo']],
    [[...DEPLOY, '--timeout', 'soon']],
    [[...DEPLOY, '--timeout', '0']],
    [['deployments', '--limit', '501']],
    [['refresh']],
    [['lift-quarantine', 'shop', '1.2.0-1']],
    [['pause', ID, '--wait']],
    [['retry', ID, 'web1']],
    [['limits', ID, '--reason', 'look']],
    [['limits', ID, '--max-out', '0', '--reason', 'look']],
    [['hosts', '--server', 'not an address']],
    [['hosts', '--server', 'file:///etc/passwd']],
  ])('%j', async (args) => {
    const ran = await gantry(...args);
    expect(ran).toMatchObject({ exitCode: 2, out: '' });
    expect(ran.err).not.toBe('');
    expect(stub.calls).toEqual([]);
  });

  it('but help is no error, and tells the exit codes', async () => {
    const { exitCode, out } = await gantry('--help');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/12 {2}the wait timed out/);
  });
});

describe('actions', () => {
  it.each(['pause', 'resume', 'cancel', 'rollback'])('%s', async (action) => {
    stub.on(`POST /deployments/${ID}/${action}`, json({ outcome: 'accepted', id: ID }, 202));
    expect(await gantry(action, ID, '--reason', 'look')).toMatchObject({ exitCode: 0, err: '' });
    expect(stub.calls).toMatchObject([{ body: { reason: 'look' } }]);
  });

  it.each([
    ['rollback', 'rolled-back', 0],
    ['rollback', 'succeeded', 5],
    ['rollback', 'rollback-failed', 7],
    ['rollback', 'cancelled', 8],
    ['cancel', 'cancelled', 0],
    ['cancel', 'succeeded', 5],
    ['resume', 'succeeded', 0],
    ['resume', 'failed', 5],
  ])('%s --wait on a deployment that ends %s exits %d', async (action, status, exitCode) => {
    stub
      .on(`POST /deployments/${ID}/${action}`, json({ outcome: 'accepted', id: ID }, 202))
      .on(EVENTS, stream([view(status)]));
    expect(await gantry(action, ID, '--wait')).toMatchObject({ exitCode });
  });
});

describe('rollback --wait', () => {
  it('does not take the pause before it for the answer to it', async () => {
    const answer = json({ outcome: 'accepted', id: ID, version: 31 }, 202);
    const frames = [
      paused('failure-budget'),
      view('paused', { version: 30 }),
      view('rolling-back', { version: 31 }),
      view('rolled-back', { version: 44 }),
    ];
    stub.on(`POST /deployments/${ID}/rollback`, answer).on(EVENTS, stream(frames));
    expect(await gantry('rollback', ID, '--wait')).toMatchObject({ exitCode: 0 });
  });
});

describe('a deployment that goes on', () => {
  it.each(['skip', 'retry'])('%s of one host', async (action) => {
    const path = `POST /deployments/${ID}/hosts/web1.lab/${action}`;
    stub.on(path, json({ outcome: 'accepted', id: ID }, 202));
    const ran = await gantry(action, ID, 'web1.lab', '--reason', 'look');
    expect(ran).toMatchObject({ exitCode: 0, err: '' });
    expect(ran.out).toContain(`Accepted: ${action} web1.lab`);
    expect(stub.calls).toMatchObject([{ body: { reason: 'look' } }]);
  });

  it('gets other limits', async () => {
    stub.on(`POST /deployments/${ID}/limits`, json({ outcome: 'accepted', id: ID }, 202));
    const args = ['--max-out', '3', '--failure-budget', '0', '--reason', 'look'];
    expect(await gantry('limits', ID, ...args)).toMatchObject({ exitCode: 0, err: '' });
    expect(stub.calls).toMatchObject([
      { body: { maxOutOfService: 3, failureBudget: 0, reason: 'look' } },
    ]);
  });
});

describe('parked messages', () => {
  const KEY = 'parked.audit.ID_host-1';

  it('are listed with their reasons, among nothing else', async () => {
    const item = (kind: string, key: string) => ({
      ...{ key, kind, title: `title of ${key}`, detail: 'why', todo: 'what to do', host: null },
      ...{ deploymentId: null, openedAt: '2026-01-01T00:00:00.000Z' },
      ...{ closedAt: null, closedBecause: null },
    });
    const items = [item('message-parked', KEY), item('host-out-of-service', 'host.web1')];
    stub.on('GET /attention?includeClosed=false&limit=500', json({ position: '1', items }));
    const { exitCode, out } = await gantry('parked');
    expect(exitCode).toBe(0);
    expect(out).toContain(KEY);
    expect(out).not.toContain('host.web1');
  });

  it.each([
    ['replay', 'Given back to its queue.'],
    ['drop', 'Dropped.'],
  ])('%s', async (action, said) => {
    stub.on(`POST /parked/${KEY}/${action}`, json({ outcome: 'accepted' }, 202));
    const ran = await gantry('parked', action, KEY, '--reason', 'mended');
    expect(ran).toMatchObject({ exitCode: 0, err: '' });
    expect(ran.out).toContain(said);
    expect(stub.calls).toMatchObject([{ body: { reason: 'mended' } }]);
  });

  it.each([[['parked', 'purge', KEY]], [['parked', 'drop', KEY]], [['parked', 'drop']]])(
    '%j exits 2 and asks nobody',
    async (args) => {
      expect(await gantry(...args)).toMatchObject({ exitCode: 2, out: '' });
      expect(stub.calls).toEqual([]);
    },
  );
});

describe('H-069 fleet', () => {
  const HASH = 'a'.repeat(64);
  const held = {
    ...{ key: 'fleet-change', kind: 'fleet-change-held', title: 'much goes', host: null },
    ...{
      detail: 'fleet.yaml would take away:\npools.web: web1',
      todo: `gantry fleet accept ${HASH}`,
    },
    ...{ deploymentId: null, openedAt: '2026-01-01T00:00:00.000Z' },
    ...{ closedAt: null, closedBecause: null },
  };
  const other = { ...held, key: 'host.web9', kind: 'host-out-of-service' };

  it.each([
    [[other, held], [held.title, '  pools.web: web1', HASH], 'host.web9'],
    [[other], ['No fleet change is held.'], 'much goes'],
  ])('H-069 shows the change that is held, line by line', async (items, told, untold) => {
    stub.on('GET /attention?includeClosed=false&limit=500', json({ position: '1', items }));
    const { exitCode, out } = await gantry('fleet');
    expect(exitCode).toBe(0);
    for (const text of told) expect(out).toContain(text);
    expect(out).not.toContain(untold);
  });

  it('H-069 accepts it by its hash, with a reason', async () => {
    stub.on(`POST /fleet/changes/${HASH}/accept`, json({ outcome: 'accepted' }, 202));
    const ran = await gantry('fleet', 'accept', HASH, '--reason', 'the rack goes');
    expect(ran).toMatchObject({ exitCode: 0, err: '' });
    expect(ran.out).toContain('It is in force.');
    expect(stub.calls).toMatchObject([{ body: { reason: 'the rack goes' } }]);
  });

  it('H-069 exits 3 on another hash than the one that is held', async () => {
    const said = { todo: 'Look at what is held now: gantry fleet.' };
    stub.on(`POST /fleet/changes/${HASH}/accept`, problem(409, 'fleet-change-not-held', said));
    const ran = await gantry('fleet', 'accept', HASH, '--reason', 'the rack goes');
    expect(ran).toMatchObject({ exitCode: 3, out: '' });
    expect(ran.err).toContain(said.todo);
  });

  it.each([[['fleet', 'refuse', HASH]], [['fleet', 'accept', HASH]], [['fleet', 'accept']]])(
    '%j exits 2 and asks nobody',
    async (args) => {
      expect(await gantry(...args)).toMatchObject({ exitCode: 2, out: '' });
      expect(stub.calls).toEqual([]);
    },
  );
});

describe('hosts resync', () => {
  it.each([
    [[], 'agent'],
    [['--publisher'], 'publisher'],
  ])('has a listener begin its journal anew %j', async (args, role) => {
    stub.on('POST /hosts/web1.lab/resync', json({ outcome: 'accepted' }, 202));
    const ran = await gantry('hosts', 'resync', 'web1.lab', '--reason', 'new disk', ...args);
    expect(ran).toMatchObject({ exitCode: 0, err: '' });
    expect(stub.calls).toMatchObject([{ body: { role, reason: 'new disk' } }]);
  });

  it.each([
    [['hosts', 'resync', 'web1.lab']],
    [['hosts', 'resync', '--reason', 'x']],
    [['hosts', 'forget', 'web1.lab', '--reason', 'x']],
  ])('%j exits 2 and asks nobody', async (args) => {
    expect(await gantry(...args)).toMatchObject({ exitCode: 2, out: '' });
    expect(stub.calls).toEqual([]);
  });
});

describe('refresh --wait', () => {
  const failed = { kind: 'failed', why: 'resources-failed', detail: 'File[/x]' };
  it.each([
    [0, [{ kind: 'converged' }, { kind: 'converged' }]],
    [5, [{ kind: 'converged' }, failed]],
  ])('exits %d', async (exitCode, verdicts) => {
    stub
      .on('POST /refreshes', accepted)
      .on(
        `GET /refreshes/${ID}`,
        json(refreshView('running', [null, null])),
        json(refreshView('completed', verdicts)),
      );
    const ran = await gantry('refresh', 'web1', 'web2', '--noop', '--wait');
    expect(ran).toMatchObject({ exitCode, err: '' });
    expect(stub.calls[0]?.body).toEqual({
      hosts: ['web1', 'web2'],
      noop: true,
      reason: 'refresh by CLI',
      concurrency: 5,
    });
    expect(ran.out).toContain(
      exitCode === 0 ? 'web2  converged' : 'web2  failed: resources-failed File[/x]',
    );
  });
});

describe('an argument that names nothing', () => {
  it.each(['', ' ', '.', '..'])('%j exits 2 and asks nobody', async (id) => {
    for (const args of [
      ['show', id],
      ['cancel', id],
      ['deploy', 'shop', id, '--to', 'production'],
    ]) {
      expect(await gantry(...args)).toMatchObject({ exitCode: 2, out: '' });
    }
    expect(stub.calls).toEqual([]);
  });
});
