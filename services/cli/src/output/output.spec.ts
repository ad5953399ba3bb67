import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runHere, type Ran } from '../../test/run-here.js';
import {
  frame,
  json,
  problem,
  startStubGateway,
  stream,
  type StubGateway,
} from '../../test/stub-gateway.js';
import { deploymentView, hostProgress, ID, logEvent } from '../../test/views.js';

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
const block = {
  severity: 'block',
  code: 'quarantined',
  message: 'The build is bad.',
  todo: 'Lift it.',
};

describe('output', () => {
  it('is a line per change where nobody watches', async () => {
    const second = view('running', {
      progress: [hostProgress('web1', 'done'), hostProgress('web2', 'done')],
    });
    stub
      .on('POST /deployments', accepted)
      .on(EVENTS, stream([view('running'), second, view('succeeded')]));
    const { out } = await gantry(...DEPLOY, '--wait');
    expect(out.split('\n')).toEqual([
      `Deployment ${ID}`,
      'shop 1.2.0-1 -> production  running  1/2 hosts done, 1 in flight',
      '  web1  done',
      '  web2  draining',
      '  web2  done',
      'shop 1.2.0-1 -> production  succeeded  1/2 hosts done, 1 in flight',
      '  web2  draining',
      '',
    ]);
  });

  it('is written over in place on a terminal, and never wraps', async () => {
    const long = hostProgress('web1', 'draining', { note: 'x'.repeat(200) });
    stub
      .on('POST /deployments', accepted)
      .on(EVENTS, stream([view('running', { progress: [long] }), view('succeeded')]));
    const { out } = await runHere([...DEPLOY, '--wait'], stub.url, { isTty: true });
    const [first = '', second = ''] = out.split('\u001b[0J').slice(1);
    expect(first.split('\n')[1]).toHaveLength(60 - 2);
    expect(first.endsWith('\u001b[2A')).toBe(true);
    expect(second).toContain('succeeded');
  });

  it('carries no terminal escapes of others', async () => {
    const evil = '\u001b]0;owned\u0007\u001b[31mred\u202e';
    const story = {
      host: 'web1',
      cmdId: 'c1',
      stream: `deployment-${ID}`,
      lines: [{ at: '2026-01-01T00:00:00.000Z', level: 'notice', source: evil, message: evil }],
    };
    stub.on(
      EVENTS,
      stream([
        frame('story', story),
        view('failed', {
          reason: evil,
          progress: [hostProgress('web1', 'failed', { note: evil })],
        }),
      ]),
    );
    const { out } = await gantry('watch', ID, '--story');
    expect(out).toContain('red');
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('is one JSON document with --json, also of a failure', async () => {
    stub.on('POST /deployments', accepted).on(EVENTS, stream([view('running'), view('failed')]));
    const ended = await gantry(...DEPLOY, '--wait', '--json');
    expect(ended.exitCode).toBe(5);
    expect(JSON.parse(ended.out)).toEqual({
      id: ID,
      status: 'failed',
      exitCode: 5,
      deployment: deploymentView('failed'),
    });
    stub.on(
      'POST /deployments',
      problem(409, 'guard.findings', { findings: [block], todo: 'Wait.' }),
    );
    const refused = await gantry(...DEPLOY, '--json');
    expect(refused).toMatchObject({ exitCode: 3, err: '' });
    expect(JSON.parse(refused.out)).toMatchObject({
      error: {
        exitCode: 3,
        code: 'guard.findings',
        message: 'It is guard.findings.',
        todo: 'Wait.',
        findings: [block],
      },
    });
  });

  it('of watch --json is a line per thing that happens', async () => {
    stub.on(EVENTS, stream([paused('person'), view('succeeded')]));
    const { exitCode, out } = await gantry('watch', ID, '--json');
    expect(exitCode).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { kind: string }).kind),
    ).toEqual(['log', 'view']);
  });

  it('lists', async () => {
    const page = (items: object[]) => json({ position: '1', items });
    const AT = '2026-01-01T00:00:00.000Z';
    stub
      .on('GET /status', json({ instance: 'a', broker: 'connected', streams: 0, audit: null }))
      .on(
        'GET /running',
        page([
          {
            application: 'shop',
            environment: 'production',
            versions: [{ evr: '1.1.0-1', hosts: ['web1', 'web2'] }],
            since: AT,
            lastDeployment: null,
          },
        ]),
      )
      .on('GET /deployments?limit=50', page([deploymentView('running')]))
      .on('GET /deployments?limit=20&application=shop', page([deploymentView('succeeded')]))
      .on(
        'GET /attention',
        page([
          {
            key: 'k',
            kind: 'host-out-of-service',
            title: 'web2 is out',
            detail: 'It failed.',
            todo: 'Look at it.',
            host: 'web2',
            deploymentId: ID,
            openedAt: AT,
            closedAt: null,
            closedBecause: null,
          },
        ]),
      )
      .on('GET /attention?includeClosed=false', page([]))
      .on(
        'GET /builds?limit=20&name=shop',
        page([
          {
            name: 'shop',
            evr: '1.2.0-1',
            arch: 'x86_64',
            sha256: 'a',
            repository: 'r',
            builtAt: AT,
            seenAt: AT,
            listedIn: ['lab'],
            state: 'quarantined',
            note: 'rolled back',
          },
        ]),
      )
      .on(
        'GET /hosts',
        page([
          {
            host: 'web1',
            environments: ['production'],
            applications: ['shop'],
            installed: [{ name: 'shop', evr: null, nevra: null }],
            installedAsOf: null,
            lastRun: null,
            ownedBy: null,
            outOfService: true,
            reachable: null,
            lastHeardAt: null,
            listenerVersion: null,
          },
        ]),
      );
    const status = await gantry('status');
    expect(status).toMatchObject({ exitCode: 0, err: '' });
    expect(status.out).toMatch(/shop +production +1\.1\.0-1 +2/);
    expect(status.out).toContain(ID);
    expect(status.out).toContain('1 to look at');
    expect((await gantry('deployments', '--application', 'shop')).out).toMatch(/succeeded +1\/2/);
    expect((await gantry('attention')).out).toContain('Nothing needs a person.');
    expect((await gantry('builds', 'shop')).out).toMatch(/quarantined .*rolled back/);
    expect((await gantry('hosts')).out).toMatch(
      /web1 +production +shop absent +- +never +out of service/,
    );
  });
});
