import {
  PuppetPublishRequested,
  PuppetQueryRequested,
  PuppetResyncRequested,
  PuppetRunRequested,
  PuppetSurveyRequested,
  type DataOf,
} from '@gantry/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startHealth } from './health-server.js';
import { nextSeq, query, runRequest, survey, wanted } from './requests.js';
import { HOST, SERVER, World } from './world.js';

// Every step waits for a condition of its own; this only ends a spec that hangs.
jest.setTimeout(60_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
}, 180_000);
afterAll(() => world.stop(), 60_000);
afterEach(() => {
  for (const file of ['disabled', 'lock', 'go'])
    rmSync(join(world.folder, 'puppet', file), { force: true });
});

const runsOf = (id: string): number =>
  world.puppet.runs.filter((line) => line.includes(`--job-id ${id} `)).length;

describe('a run, from request to observation', () => {
  it('runs Puppet with the exact command line, verifies the package and asks the health', async () => {
    const health = await startHealth('version 1.2.0-1');
    world.puppet.write('installed.shopweb', '1.1.0-1');
    world.puppet.behave(
      'say info Puppet "Applying configuration version 1"; install shopweb 1.2.0-1; report changed; exit 2',
    );
    const url = `http://127.0.0.1:${(health.address() as AddressInfo).port}/`;
    const check = {
      url,
      expectStatus: 200,
      expectBody: '{evr}',
      intervalMs: 50,
      timeoutMs: 1_000,
      goodInRow: 3,
      deadlineMs: 10_000,
    };
    await world.request(
      PuppetRunRequested,
      runRequest('run-1', { wanted: wanted('1.2.0-1'), health: check }),
    );

    const finished = await world.seen('puppet.run.finished', 'run-1');
    expect(finished.data).toMatchObject({
      host: HOST,
      verdict: { kind: 'converged' },
      exitCode: 2,
      report: {
        jobId: 'run-1',
        status: 'changed',
        completed: true,
        counts: { total: 10, failed: 0 },
      },
      before: [{ name: 'shopweb', evr: '1.1.0-1', nevra: 'shopweb-1.1.0-1.noarch' }],
      after: [{ name: 'shopweb', evr: '1.2.0-1' }],
    });
    const observed = await world.seen('puppet.health.observed', 'run-1');
    expect(observed.data).toMatchObject({
      healthy: true,
      goodInRow: 3,
      attempts: 3,
      lastStatus: 200,
    });
    expect(world.count('puppet.run.started', 'run-1')).toBe(1);
    health.close();

    const state = join(world.folder, 'agent/runs/run-1.jsonl');
    expect(world.puppet.runs).toEqual([
      'agent --onetime --no-daemonize --verbose --detailed-exitcodes --color=false --no-splay --no-noop ' +
        '--no-usecacheonfailure --no-use_cached_catalog --strict_environment_mode --waitforcert 0 ' +
        `--waitforlock 10 --maxwaitforlock 10 --runtimeout 60 --job-id run-1 --logdest ${state}`,
    ]);
    expect(world.puppet.has('dnf.calls')).toBe(true);
    await world.until(
      () => world.notices.some((n) => n.type === 'host.log' && n.data.cmdId === 'run-1'),
      'the story',
    );
    await world.until(
      () => world.notices.some((n) => n.type === 'host.presence' && n.data.role === 'publisher'),
      'presence',
    );
  });

  it('F-056 believes the RPM database and not the exit code', async () => {
    world.puppet.write('installed.shopweb', '1.1.0-1');
    world.puppet.behave('report unchanged; exit 0');
    await world.request(PuppetRunRequested, runRequest('run-2', { wanted: wanted('1.2.0-1') }));
    const { data } = await world.seen('puppet.run.finished', 'run-2');
    expect(data.verdict).toMatchObject({ kind: 'failed', why: 'wrong-version' });
  });

  it('does not take the report of another run for its own', async () => {
    world.puppet.behave('exit 0');
    await world.request(PuppetRunRequested, runRequest('run-3'));
    const { data } = await world.seen('puppet.run.finished', 'run-3');
    expect(data).toMatchObject({
      verdict: { kind: 'not-run', why: 'unexplained' },
      report: null,
      exitCode: 0,
    });
  });

  it('F-062 says that Puppet is disabled and why, without starting it', async () => {
    world.puppet.write('disabled', '{"disabled_message":"hands off: disk swap"}');
    await world.request(PuppetRunRequested, runRequest('run-4', { wanted: wanted('1.2.0-1') }));
    const { data } = await world.seen('puppet.run.finished', 'run-4');
    expect(data.verdict).toEqual({
      kind: 'not-run',
      why: 'disabled',
      detail: 'Puppet is disabled on this host: hands off: disk swap',
    });
    expect(data.after).toMatchObject([{ name: 'shopweb', evr: '1.1.0-1' }]);
    expect(runsOf('run-4')).toBe(0);
  });

  it('F-064 says that a run went over its limit', async () => {
    world.puppet.behave(
      'trap "" TERM; say err Puppet "Execution of Puppet configuration client did not complete within 1 seconds and was terminated."; report failed false; exit 1',
    );
    await world.request(PuppetRunRequested, runRequest('run-5', { runTimeoutMs: 1_000 }));
    const { data } = await world.seen('puppet.run.finished', 'run-5');
    expect(data.verdict).toMatchObject({ kind: 'failed', why: 'timed-out' });
  });
});

describe('commands that come again, late or forged', () => {
  it('F-020 answers a redelivered request from the journal and runs once', async () => {
    world.puppet.behave('report changed; exit 2');
    const request = runRequest('again-1');
    await world.request(PuppetRunRequested, request);
    await world.seen('puppet.run.finished', 'again-1');
    await world.request(PuppetRunRequested, request);
    await world.until(
      () => world.count('puppet.run.finished', 'again-1') === 2,
      'the second answer',
    );
    expect(runsOf('again-1')).toBe(1);
  });

  it('runs nothing for stolen bytes: not at once, not with another body, not without a signature', async () => {
    const [first] = world.commands;
    const stolen = first!;
    const before = world.puppet.runs.length;
    const altered = {
      ...stolen,
      body: Buffer.from(stolen.body.toString().replace('run-1', 'run-X')),
    };
    await world.replay(stolen);
    await world.replay(altered);
    await world.replay({ ...stolen, headers: {} });
    await world.request(PuppetSurveyRequested, survey('survey-after-theft'));
    await world.seen('puppet.host.surveyed', 'survey-after-theft');
    expect(world.puppet.runs.length).toBe(before);
    expect(refusals()).toEqual(expect.arrayContaining(['bad-signature', 'unknown-key']));
  });

  it('H-053 refuses a run whose sequence is behind, and one whose epoch is', async () => {
    await world.request(PuppetRunRequested, runRequest('late-1', { seq: 1 }));
    const { data } = await world.seen('puppet.run.finished', 'late-1');
    expect(data.verdict).toMatchObject({ kind: 'not-run', why: 'refused' });
    // Another life of the dispatcher knows no owner: the host is the last to judge.
    await world.dispatcher.kill();
    await world.dispatcher.start();
    await world.request(PuppetRunRequested, runRequest('fenced-1', { epoch: 0 }));
    const fenced = await world.seen('puppet.run.finished', 'fenced-1');
    expect(fenced.data.verdict).toMatchObject({
      kind: 'not-run',
      why: 'refused',
      detail: expect.stringContaining('epoch'),
    });
    expect(runsOf('late-1') + runsOf('fenced-1')).toBe(0);
  });

  it('answers a valid command in a flood of junk', async () => {
    const junk = (n: number) => ({
      body: Buffer.from(`junk ${n}`),
      headers: { 'x-kid': 'dispatcher-test', 'x-sig': '' },
    });
    const flood = Array.from({ length: 500 }, (_, n) => world.replay(junk(n)));
    await world.request(PuppetSurveyRequested, survey('survey-in-flood'));
    await Promise.all(flood);
    await world.seen('puppet.host.surveyed', 'survey-in-flood');
    await world.until(() => refusals().length > 10, 'the refusals');
    expect(refusals().length).toBeLessThan(100);
  });

  it('F-054 lets no reply in that the enrolled key did not sign', async () => {
    const finishedAt = new Date().toISOString();
    const command = JSON.parse(world.commands[0]!.body.toString()) as { data: { stream: string } };
    const data = {
      ...{
        host: HOST,
        keyId: 'h-0000000000000000',
        cmdId: 'forged-1',
        stream: command.data.stream,
      },
      ...{ commandHash: '0'.repeat(64), bootId: 'x', replySeq: 1, verdict: { kind: 'converged' } },
      ...{ exitCode: 0, report: null, before: [], after: [], startedAt: null, finishedAt },
    };
    const meta = { type: 'host.run.finished', dataschema: 'urn:gantry:host.run.finished:1' };
    const body = JSON.stringify({ ...command, ...meta, data });
    await world.forgeReply(body, {
      'x-kid': 'h-0000000000000000',
      'x-sig': Buffer.alloc(64).toString('base64'),
    });
    await world.until(() => world.dispatcher.count('host reply refused') > 0, 'the refusal');
    expect(world.count('puppet.run.finished', 'forged-1')).toBe(0);
  });

  it('refuses a host that is not enrolled and says what to do', async () => {
    await world.request(PuppetRunRequested, runRequest('stranger-1', { host: 'web9.lab' }));
    const { data } = await world.seen('puppet.run.finished', 'stranger-1');
    expect(data.verdict).toMatchObject({
      kind: 'not-run',
      why: 'refused',
      detail: expect.stringMatching(/not enrolled.*web9\.lab\.pub/),
    });
  });
});

describe('a run that was asked about before it came', () => {
  it('F-021 is refused when it comes: its owner has sent another by then', async () => {
    await world.request(PuppetQueryRequested, query('query-late', 'overtaken-1'));
    const { data } = await world.seen('puppet.run.status', 'query-late');
    expect(data).toMatchObject({ commandId: 'overtaken-1', state: 'never-seen' });
    await world.agent.kill('SIGKILL');
    await world.agent.start();
    await world.request(PuppetRunRequested, runRequest('overtaken-1'));
    const finished = await world.seen('puppet.run.finished', 'overtaken-1');
    expect(finished.data).toMatchObject({ verdict: { kind: 'not-run', why: 'expired' } });
    expect(runsOf('overtaken-1')).toBe(0);
  });
});

describe('a listener that dies in the middle', () => {
  it('F-008 adopts the run it finds alive, and judges it at its end', async () => {
    world.puppet.behave(
      'lock; say info Puppet "Applying configuration version 1"; await go; install shopweb 2.0.0-1; report changed; unlock; exit 2',
    );
    await world.request(PuppetRunRequested, runRequest('adopt-1', { wanted: wanted('2.0.0-1') }));
    await world.seen('puppet.run.started', 'adopt-1');
    await world.agent.kill('SIGKILL');
    await world.agent.start();
    await world.request(PuppetQueryRequested, query('query-1', 'adopt-1'));
    const status = await world.seen('puppet.run.status', 'query-1');
    expect(status.data).toMatchObject({ commandId: 'adopt-1', state: 'running' });
    world.puppet.write('go', '');
    const { data } = await world.seen('puppet.run.finished', 'adopt-1');
    expect(data).toMatchObject({
      verdict: { kind: 'converged' },
      exitCode: null,
      after: [{ evr: '2.0.0-1' }],
    });
    expect(runsOf('adopt-1')).toBe(1);
  });

  it('F-008 judges a run that ended while nobody was there', async () => {
    world.puppet.behave('lock; await go; report changed; unlock; exit 2');
    await world.request(PuppetRunRequested, runRequest('orphan-1'));
    await world.seen('puppet.run.started', 'orphan-1');
    await world.agent.kill('SIGKILL');
    world.puppet.write('go', '');
    await world.until(
      () => readFileSync(join(world.folder, 'puppet/report'), 'utf8').includes('job_id: orphan-1'),
      'its report',
    );
    await world.agent.start();
    const { data } = await world.seen('puppet.run.finished', 'orphan-1');
    expect(data.verdict).toEqual({ kind: 'converged' });
    expect(runsOf('orphan-1')).toBe(1);
  });

  it('F-008 says interrupted when the run died too, and half changed when it had begun to apply', async () => {
    for (const [id, line, verdict] of [
      ['dead-1', 'lock; await go', { kind: 'not-run', why: 'interrupted' }],
      [
        'dead-2',
        'lock; say info Puppet "Applying configuration version 1"; await go',
        { kind: 'failed', why: 'interrupted' },
      ],
    ] as const) {
      world.puppet.behave(line);
      await world.request(PuppetRunRequested, runRequest(id));
      await world.seen('puppet.run.started', id);
      await world.until(() => existsSync(join(world.folder, 'puppet/lock')), 'the lock');
      await world.agent.kill('SIGKILL');
      process.kill(Number(readFileSync(join(world.folder, 'puppet/lock'), 'utf8')), 'SIGKILL');
      rmSync(join(world.folder, 'puppet/lock'));
      await world.agent.start();
      const { data } = await world.seen('puppet.run.finished', id);
      expect(data.verdict).toMatchObject(verdict);
      expect(runsOf(id)).toBe(1);
    }
  });

  it('F-067 refuses everything when its journal is damaged, until it is begun anew', async () => {
    await world.agent.kill();
    const journal = join(world.folder, 'agent/journal');
    renameSync(journal, `${journal}.kept`);
    await world.agent.start();
    await world.request(PuppetRunRequested, runRequest('lost-1'));
    const { data } = await world.seen('puppet.run.finished', 'lost-1');
    expect(data.verdict).toMatchObject({ kind: 'not-run', why: 'needs-resync' });
    expect(runsOf('lost-1')).toBe(0);
    const isLost = (m: (typeof world.observed)[number]): boolean =>
      m.type === 'puppet.host.troubled' && m.data.trouble === 'needs-resync';
    await world.until(() => world.observed.some(isLost), 'word of the trouble');
    const seq = nextSeq();
    await world.request(PuppetResyncRequested, {
      ...{ requestId: 'resync-1', host: HOST, role: 'agent', epoch: 1, seq },
    } as unknown as DataOf<typeof PuppetResyncRequested>);
    await world.seen('puppet.host.resynced', 'resync-1');
    world.puppet.behave('report changed; exit 2');
    await world.request(PuppetRunRequested, runRequest('found-1'));
    const found = await world.seen('puppet.run.finished', 'found-1');
    expect(found.data.verdict).toEqual({ kind: 'converged' });
  });

  it('sends what the broker never confirmed when the broker is back', async () => {
    world.puppet.behave('await go; report changed; exit 2');
    await world.request(PuppetRunRequested, runRequest('outage-1'));
    await world.seen('puppet.run.started', 'outage-1');
    await world.broker.kill9();
    world.puppet.write('go', '');
    await world.until(
      () => world.agent.lines.some((l) => l['msg'] === 'run finished' && l['cmdId'] === 'outage-1'),
      'the end of the run',
    );
    await world.broker.up();
    const { data } = await world.seen('puppet.run.finished', 'outage-1');
    expect(data.verdict).toEqual({ kind: 'converged' });
  }, 90_000);
});

describe('a survey', () => {
  it('tells what is installed and what is switched off', async () => {
    world.puppet.write('installed.shopweb', '1:2.0.0-1');
    world.puppet.write('disabled', '{"disabled_message":"disk swap"}');
    world.puppet.write('summary', 'time:\n  last_run: 1700000000\n');
    await world.request(PuppetSurveyRequested, survey('survey-1'));
    const { data } = await world.seen('puppet.host.surveyed', 'survey-1');
    expect(data).toMatchObject({
      host: HOST,
      installed: [
        { name: 'shopweb', evr: '1:2.0.0-1' },
        { name: 'absent', evr: null, nevra: null },
      ],
      disabled: 'disk swap',
      runningSince: null,
      lastRunAt: '2023-11-14T22:13:20.000Z',
    });
  });
});

describe('the publisher', () => {
  const file = (): string => join(world.folder, `hiera/${HOST}.yaml`);
  const publish = (requestId: string, number: number, evr: string) =>
    world.request(PuppetPublishRequested, {
      ...{ requestId, host: HOST, epoch: 1, seq: number, servers: [SERVER] },
      versions: [{ hieraKey: 'profile::shop::version', name: 'shopweb', evr }],
    } as unknown as DataOf<typeof PuppetPublishRequested>);

  it('puts a version in place, and refuses an older one afterwards', async () => {
    // The broker has restarted before: a queue nobody reads yet does not exist, and nobody asks again here.
    const heard = world.notices.length;
    await world.until(
      () =>
        world.notices
          .slice(heard)
          .some((n) => n.type === 'host.presence' && n.data.role === 'publisher'),
      'the publisher to be back',
    );
    await publish('publish-1', 500, '1.10-1');
    const { data } = await world.seen('puppet.version.published', 'publish-1');
    expect(data).toEqual({ requestId: 'publish-1', host: HOST, server: SERVER });
    expect(readFileSync(file(), 'utf8')).toBe('profile::shop::version: "1.10-1"\n');
    await publish('publish-2', 499, '1.9-1');
    const refused = await world.seen('puppet.publish.failed', 'publish-2');
    expect(refused.data.reason).toContain('older');
    await world.publisher.kill('SIGKILL');
    await world.publisher.start();
    await publish('publish-3', 498, '1.8-1');
    await world.seen('puppet.publish.failed', 'publish-3');
    expect(readFileSync(file(), 'utf8')).toContain('1.10-1');
    await publish('publish-1', 500, '1.10-1');
    await world.until(
      () => world.count('puppet.version.published', 'publish-1') === 2,
      'the repeated answer',
    );
  });
});

const refusals = (): unknown[] =>
  world.agent.lines.filter((l) => l['msg'] === 'command refused').map((l) => l['code']);
