import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@gantry/lab';
import { Credentials } from '../src/credentials.js';
import { JenkinsDriver } from '../src/drivers/jenkins/jenkins.driver.js';
import type { GateContext } from '../src/ports/gate-driver.port.js';
import { StopReason } from '../src/ports/stop-reason.js';
import { contextOf, localHttp, runDriver } from './driver-bench.js';
import { FakeJenkins, type JenkinsBehaviour } from './fake-jenkins.js';

const STARTS = 'POST /ci/job/qa/job/smoke/buildWithParameters';

describe('a jenkins gate, before a server that speaks its API', () => {
  let folder: string;
  let jenkins: FakeJenkins;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-credentials-'));
    await writeFile(join(folder, 'ci'), 'gantry:canary-token-1\n');
    await writeFile(join(folder, 'wrong'), 'gantry:another');
    await writeFile(join(folder, 'broken'), 'no colon');
    await chmod(folder, 0o700);
  });
  afterAll(() => rm(folder, { recursive: true }));
  afterEach(() => jenkins.stop());

  const begin = async (behaviour: JenkinsBehaviour = {}): Promise<void> => {
    jenkins = await FakeJenkins.start(behaviour);
  };
  const run = (more: object = {}, options: { context?: GateContext; signal?: AbortSignal } = {}) =>
    runDriver(
      new JenkinsDriver(localHttp(), new Credentials(folder), 20),
      {
        kind: 'jenkins',
        url: jenkins.url,
        job: 'qa/smoke',
        parameters: { TARGET: 'staging & more' },
        credential: 'ci',
        deadlineMs: 5_000,
        ...more,
      },
      options,
    );
  const starts = (): number => jenkins.asked.filter((asked) => asked === STARTS).length;

  it.each([
    ['SUCCESS', 'pass'],
    ['FAILURE', 'fail'],
    ['UNSTABLE', 'fail'],
    ['ABORTED', 'inconclusive'],
    ['NOT_BUILT', 'inconclusive'],
    ['SOMETHING_NEW', 'inconclusive'],
  ])('a build that ends %s: %s', async (result, verdict) => {
    await begin({ result, queuePolls: 2, buildPolls: 2 });
    const context = contextOf();
    const outcome = await run({}, { context });
    const link = `${jenkins.url}/job/qa/job/smoke/41/console`;
    expect(outcome).toMatchObject({ verdict, evidence: { result, link } });
    expect(jenkins.items.map(({ parameters }) => parameters)).toEqual([
      { TARGET: 'staging & more', GANTRY_GATE_RUN: context.gateRunId },
    ]);
  });

  it('does without crumbs where there are none', async () => {
    await begin({ crumbs: false });
    expect(await run()).toMatchObject({ verdict: 'pass' });
  });

  it('never shows the credential', async () => {
    await begin();
    expect(JSON.stringify(await run())).not.toMatch(/canary-token|Basic/);
    const wrong = await run({ credential: 'wrong' });
    expect(wrong).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('check the credential'),
    });
    for (const credential of ['broken', 'absent'])
      expect(await run({ credential })).toMatchObject({ verdict: 'inconclusive' });
    expect(starts()).toBe(1);
  });

  it('starts nothing in a job whose build could not be found again', async () => {
    await begin({ declares: ['TARGET'] });
    expect(await run()).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('has no parameter GANTRY_GATE_RUN'),
    });
    expect(starts()).toBe(0);
  });

  it('says which job there is not', async () => {
    await begin();
    expect(await run({ job: 'qa/other' })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('job/qa/job/other'),
    });
  });

  it('finds the build when the answer to its start is lost', async () => {
    await begin({
      startAnswer: (start) => {
        start();
        return 'cut';
      },
    });
    expect(await run()).toMatchObject({ verdict: 'pass' });
    expect(starts()).toBe(1);
  });

  it('finds the build when Jenkins has forgotten its queue item', async () => {
    await begin({ forgetsItem: true });
    expect(await run()).toMatchObject({ verdict: 'pass' });
  });

  it('asks once, and is inconclusive when there is no build then', async () => {
    await begin({ startAnswer: () => ({ status: 500 }) });
    expect(await run()).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('has none; Jenkins answered'),
    });
    expect(starts()).toBe(1);
  });

  it('is inconclusive when the build is gone', async () => {
    await begin({ losesBuild: true });
    expect(await run()).toMatchObject({
      verdict: 'inconclusive',
      summary: 'Jenkins has lost build 41',
    });
  });

  it.each([
    ['waits in the queue', { queuePolls: 10_000 }, () => jenkins.items[0]?.cancelled],
    ['is being built', { buildPolls: 10_000 }, () => jenkins.builds[0]?.stopped],
  ])('what %s when the time is over is stopped', async (_name, behaviour, stopped) => {
    await begin(behaviour);
    expect(await run({ deadlineMs: 1_000 })).toMatchObject({ verdict: 'inconclusive' });
    expect(stopped()).toBe(true);
  });

  const endWith = async (why: 'cancelled' | 'stopping', context: GateContext) => {
    await begin({ buildPolls: 10_000 });
    const ending = new AbortController();
    const ended = run({}, { context, signal: ending.signal });
    await waitUntil(() => jenkins.builds.length === 1, {
      deadlineMs: 5_000,
      onTimeout: () => new Error('no build'),
    });
    ending.abort(new StopReason(why, why));
    await expect(ended).rejects.toThrow(why);
  };

  it('is stopped when it is cancelled', async () => {
    await endWith('cancelled', contextOf());
    expect(jenkins.builds.map(({ stopped }) => stopped)).toEqual([true]);
  });

  it('is stopped also when it leaves the queue while it is cancelled', async () => {
    await begin({ queuePolls: 10_000, buildPolls: 10_000, beginsWhenCancelled: true });
    expect(await run({ deadlineMs: 1_000 })).toMatchObject({ verdict: 'inconclusive' });
    expect(jenkins.builds.map(({ stopped }) => stopped)).toEqual([true]);
  });

  it('goes on when the verifier stops, and the next one finds it: one build', async () => {
    let marked: string | undefined;
    const context = contextOf({
      mark: (note) => {
        marked = note;
        return Promise.resolve();
      },
    });
    await endWith('stopping', context);
    expect(jenkins.builds.map(({ stopped }) => stopped)).toEqual([false]);
    jenkins.behaviour.buildPolls = 0;
    expect(await run({}, { context: { ...context, marked } })).toMatchObject({ verdict: 'pass' });
    expect(starts()).toBe(1);
    expect(jenkins.builds).toHaveLength(1);
  });

  it('is not started again by a verifier whose predecessor may have asked', async () => {
    await begin();
    let marked: string | undefined;
    const stopped = new AbortController();
    const context = contextOf({
      mark: (note) => {
        marked = note;
        stopped.abort(new StopReason('stopping', 'stopping'));
        return Promise.resolve();
      },
    });
    await expect(run({}, { context, signal: stopped.signal })).rejects.toThrow('stopping');
    const after = await run({}, { context: { ...context, marked } });
    expect(after).toMatchObject({ verdict: 'inconclusive' });
    expect(starts()).toBe(0);
  });
});
