import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@gantry/contracts';
import { startBroker, waitUntil, type Broker } from '@gantry/lab';
import { brokerEnv, httpEnv, loadConfig } from '@gantry/service-kit';
import { z } from 'zod';
import { cookieOf, processesOf } from '../src/drivers/command/process-tree.js';
import { AskingService } from './asking-service.js';
import { CommandsFolder, script } from './command-bench.js';
import { FakeJenkins } from './fake-jenkins.js';
import { ServiceProcess } from './service-process.js';
import { TracedServer } from './traced-server.js';

const LIMIT = 90_000;

describe('the verifier on a real broker', () => {
  let broker: Broker;
  let commands: CommandsFolder;
  let service: ServiceProcess;
  let orchestrator: AskingService;
  let log: string[];

  const evidence = () => join(commands.outside, 'evidence');
  const startService = async (): Promise<void> => {
    service = await startVerifier();
  };
  const startVerifier = (instance = 'one'): Promise<ServiceProcess> =>
    ServiceProcess.start(
      {
        ...broker.environment('verifier'),
        GANTRY_INSTANCE: instance,
        GANTRY_LOG_LEVEL: 'debug',
        GANTRY_GATE_ALLOW: '127.0.0.1',
        GANTRY_GATE_COMMANDS_DIR: commands.path,
        GANTRY_GATE_CREDENTIALS_DIR: join(commands.outside, 'credentials'),
        GANTRY_EVIDENCE_DIR: evidence(),
      },
      log,
    );
  const eventually = (condition: () => boolean | Promise<boolean>, what: string) =>
    waitUntil(condition, {
      deadlineMs: 30_000,
      onTimeout: () => new Error(`waited for ${what}; log: ${log.slice(-10).join('\n')}`),
    });
  const finished = async (gateRunId: string, times = 1): Promise<Message<'gate.finished'>> => {
    const told = () => orchestrator.answers(gateRunId, 'gate.finished');
    await eventually(() => told().length >= times, `the end of ${gateRunId}`);
    return told()[times - 1]!;
  };
  const started = (gateRunId: string) =>
    eventually(
      () => orchestrator.answers(gateRunId, 'gate.started').length > 0,
      `the start of ${gateRunId}`,
    );
  const starts = (): number => {
    const file = join(commands.path, 'starts');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
  };
  const program = (name: string) => ({ kind: 'command', command: [name], deadlineMs: 60_000 });
  const runningProgram = async (): Promise<string> => {
    const gateRunId = await orchestrator.ask(program('hang'));
    await eventually(() => starts() === 1, 'the program to run');
    return gateRunId;
  };

  beforeAll(async () => {
    await ServiceProcess.build();
    broker = await startBroker();
  }, LIMIT);
  afterAll(() => broker.stop(), LIMIT);

  beforeEach(async () => {
    log = [];
    commands = await CommandsFolder.make({
      hang: script('echo started >> starts; trap "" TERM; while :; do sleep 1; done'),
    });
    await mkdir(join(commands.outside, 'credentials'));
    await writeFile(join(commands.outside, 'credentials', 'ci'), 'gantry:canary-token-1');
    orchestrator = await AskingService.start(
      loadConfig(z.object({ ...brokerEnv, ...httpEnv }), {
        ...broker.environment('orchestrator'),
        GANTRY_INSTANCE: 'asking',
        GANTRY_LOG_LEVEL: 'error',
      }),
    );
    await startService();
  }, LIMIT);
  afterEach(async () => {
    await service.stop();
    await orchestrator.stop();
    await commands.remove();
  }, LIMIT);

  it(
    'runs a gate once, tells its start and its end, and the end again to who asks again',
    async () => {
      const shop = await TracedServer.start(() => ({ body: 'version 1-1' }));
      const spec = { kind: 'http', url: `${shop.url}/{evr}`, expectBody: '{evr}', intervalMs: 50 };
      const gateRunId = await orchestrator.ask(spec);
      const end = await finished(gateRunId);
      expect(end).toMatchObject({
        subject: orchestrator.subject,
        data: {
          gate: 'the-gate',
          verdict: 'pass',
          evidence: { url: `${shop.url}/1-1`, status: 200 },
        },
      });
      expect(orchestrator.answers(gateRunId, 'gate.started')).toHaveLength(1);
      await orchestrator.ask(spec, gateRunId);
      expect((await finished(gateRunId, 2)).data).toEqual(end.data);
      expect(shop.asked).toHaveLength(3);
      expect(await service.metrics()).toMatch(/gantry_gate_runs_total\{[^}]*kind="http"[^}]*\} 1/);
      await shop.stop();
    },
    LIMIT,
  );

  it(
    'ends a program that is cancelled',
    async () => {
      const gateRunId = await runningProgram();
      await orchestrator.cancel(gateRunId);
      expect((await finished(gateRunId)).data).toMatchObject({
        verdict: 'inconclusive',
        summary: 'cancelled: superseded',
      });
      expect(await processesOf(cookieOf(evidence(), gateRunId))).toEqual([]);
    },
    LIMIT,
  );

  it(
    'of several verifiers the one that runs a gate hears its cancel, whoever gets it from the queue',
    async () => {
      const second = await startVerifier('two');
      try {
        const runs = await Promise.all([1, 2, 3, 4].map(() => orchestrator.ask(program('hang'))));
        await eventually(() => starts() === 4, 'four programs to run');
        const running = await Promise.all([service, second].map((one) => one.metrics()));
        // The test says nothing while one of them has it all.
        for (const text of running) expect(text).toMatch(/gantry_gates_running\{[^}]*\} [1-3]\b/);
        // The queue takes turns with cancels as it did with requests: two of one verifier's runs go to two verifiers.
        for (const n of [0, 2, 1, 3]) await orchestrator.cancel(runs[n]!);
        for (const gateRunId of runs) {
          expect((await finished(gateRunId)).data.summary).toBe('cancelled: superseded');
          expect(await processesOf(cookieOf(evidence(), gateRunId))).toEqual([]);
        }
      } finally {
        await second.stop();
      }
    },
    LIMIT,
  );

  it(
    'killed while a program ran: the next one ends it, says so, and does not start it again',
    async () => {
      const gateRunId = await runningProgram();
      await service.kill9();
      expect(await processesOf(cookieOf(evidence(), gateRunId))).not.toEqual([]);
      await startService();
      expect((await finished(gateRunId)).data).toMatchObject({
        verdict: 'inconclusive',
        summary: expect.stringContaining('the verifier restarted while it ran'),
      });
      expect(await processesOf(cookieOf(evidence(), gateRunId))).toEqual([]);
      expect(starts()).toBe(1);
    },
    LIMIT,
  );

  it(
    'killed while Jenkins built: the next one finds the build, and there is one; its token is told nobody',
    async () => {
      const jenkins = await FakeJenkins.start({ buildPolls: 10_000 });
      const job = { job: 'qa/smoke', credential: 'ci', deadlineMs: 60_000 };
      const gateRunId = await orchestrator.ask({ kind: 'jenkins', url: jenkins.url, ...job });
      await eventually(() => jenkins.builds.length === 1, 'a build');
      await service.kill9();
      await startService();
      jenkins.behaviour.buildPolls = 0;
      expect((await finished(gateRunId)).data).toMatchObject({
        verdict: 'pass',
        evidence: { link: `${jenkins.url}/job/qa/job/smoke/41/console` },
      });
      expect(jenkins.items).toHaveLength(1);
      const base64 = Buffer.from('gantry:canary-token-1').toString('base64');
      for (const text of [log.join('\n'), orchestrator.everything]) {
        expect(text).not.toContain('canary-token-1');
        expect(text).not.toContain(base64);
      }
      await jenkins.stop();
    },
    LIMIT,
  );

  it(
    'stopped: programs are over at once, and what can be taken up again is',
    async () => {
      let status = 503;
      const shop = await TracedServer.start(() => ({ status }));
      const question = { kind: 'http', url: shop.url, deadlineMs: 60_000, intervalMs: 100 };
      const asking = await orchestrator.ask(question);
      const running = await runningProgram();
      await started(asking);
      const stoppedAt = performance.now();
      await service.stop();
      expect(performance.now() - stoppedAt).toBeLessThan(10_000);
      expect((await finished(running)).data).toMatchObject({
        verdict: 'inconclusive',
        summary: expect.stringContaining('was stopped while it ran'),
      });
      expect(orchestrator.answers(asking, 'gate.finished')).toEqual([]);
      status = 200;
      await startService();
      expect((await finished(asking)).data.verdict).toBe('pass');
      await shop.stop();
    },
    LIMIT,
  );
});
