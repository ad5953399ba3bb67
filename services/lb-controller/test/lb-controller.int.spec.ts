import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  LbDrainRequested,
  LbEnableRequested,
  LbSurveyRequested,
  type Certname,
  type Message,
  type PoolName,
  type RequestId,
} from '@gantry/contracts';
import { startBroker, waitUntil, type Broker } from '@gantry/lab';
import { brokerEnv, httpEnv, loadConfig } from '@gantry/service-kit';
import { z } from 'zod';
import { AskingService } from './asking-service.js';
import { HaproxyUnderTest } from './haproxy-under-test.js';
import { ServiceProcess } from './service-process.js';

const LIMIT = 90_000;

describe('lb-controller on a real broker, before a real HAProxy', () => {
  let broker: Broker;
  let device: HaproxyUnderTest;
  let service: ServiceProcess;
  let orchestrator: AskingService;
  let subject: string;

  const startService = () => {
    return ServiceProcess.start({
      ...broker.environment('lb-controller'),
      GANTRY_LB_WATCH_MS: '500',
      GANTRY_LB_DEVICES: JSON.stringify([
        {
          name: device.name,
          driver: 'haproxy',
          socket: device.haproxy.socketPath,
          checkIntervalMs: 500,
          pollMs: 50,
          reloadGraceMs: 500,
        },
      ]),
    });
  };
  const memberships = (member: string) => [
    { pool: 'web' as PoolName, device: device.name, backend: 'web', member, minInService: 1 },
  ];
  const drain = (member: string, change: { epoch?: number } = {}) => {
    const requestId = randomUUID() as RequestId;
    const host = `${member}.example.net` as Certname;
    const limits = { timeoutMs: 60_000, maxConnections: 0, onTimeout: 'fail' as const };
    const data = { requestId, host, epoch: 1, memberships: memberships(member), ...limits };
    return orchestrator.ask(LbDrainRequested, { ...data, ...change }, subject);
  };
  const enable = (member: string) => {
    const requestId = randomUUID() as RequestId;
    const host = `${member}.example.net` as Certname;
    const data = { requestId, host, epoch: 1, memberships: memberships(member), timeoutMs: 30_000 };
    return orchestrator.ask(LbEnableRequested, data, subject);
  };
  const answerTo = async (request: Message): Promise<Message> => {
    const { requestId } = request.data as { requestId: string };
    await eventually(
      () => orchestrator.answers(requestId).length > 0,
      `an answer to ${request.type}`,
    );
    return orchestrator.answers(requestId)[0]!;
  };
  const eventually = (condition: () => boolean | Promise<boolean>, what: string) =>
    waitUntil(condition, { deadlineMs: 30_000, onTimeout: () => new Error(`waited for ${what}`) });
  const adminOf = async (member: string) =>
    (await device.driver.readPool('web')).members.find((each) => each.member === member)?.admin;

  beforeAll(async () => {
    await ServiceProcess.build();
    broker = await startBroker();
  }, LIMIT);
  afterAll(() => broker.stop(), LIMIT);

  beforeEach(async () => {
    subject = `deployment-${randomUUID()}`;
    device = await HaproxyUnderTest.start();
    orchestrator = await AskingService.start(
      loadConfig(z.object({ ...brokerEnv, ...httpEnv }), {
        ...broker.environment('orchestrator'),
        GANTRY_INSTANCE: 'asking',
        GANTRY_LOG_LEVEL: 'error',
      }),
    );
    service = await startService();
  }, LIMIT);
  afterEach(async () => {
    await service.stop();
    await orchestrator.stop();
    await device.close();
  }, LIMIT);

  it(
    'surveys, drains and enables a host, and answers in the stream that asked',
    async () => {
      const pools = ['web', 'gone'].map((backend) => ({
        pool: backend as PoolName,
        device: device.name,
        backend,
      }));
      const requestId = randomUUID() as RequestId;
      const asked = await orchestrator.ask(LbSurveyRequested, { requestId, pools }, subject);
      expect(await answerTo(asked)).toMatchObject({
        type: 'lb.pools.surveyed',
        subject,
        correlationid: asked.correlationid,
        causationid: asked.id,
        data: { pools: [{ pool: 'web' }], unreadable: [{ pool: 'gone' }] },
      });

      expect(await answerTo(await drain('web1'))).toMatchObject({
        type: 'lb.drained',
        subject,
        data: { host: 'web1.example.net', evidence: { end: 'idle', connectionsAtEnd: 0 } },
      });
      expect(await adminOf('web1')).toBe('off');
      expect(await answerTo(await enable('web1'))).toMatchObject({
        type: 'lb.enabled',
        data: { evidence: { checks: expect.stringContaining('L7OK 200') as unknown } },
      });
      expect(await adminOf('web1')).toBe('in');
    },
    LIMIT,
  );

  it(
    'drains a host of a deployment while another one of it takes long',
    async () => {
      const held = await device.hold('web', 'web1');
      const slow = await drain('web1');
      await eventually(async () => (await adminOf('web1')) === 'drain', 'the slow drain to begin');
      expect(await answerTo(await drain('web2'))).toMatchObject({ type: 'lb.drained' });
      expect(orchestrator.answers((slow.data as { requestId: string }).requestId)).toEqual([]);
      held.release();
      expect(await answerTo(slow)).toMatchObject({ type: 'lb.drained' });
    },
    LIMIT,
  );

  it(
    'F-005 goes on with a drain after kill -9 in the middle of it',
    async () => {
      const held = await device.hold('web', 'web1');
      const request = await drain('web1');
      await eventually(async () => (await adminOf('web1')) === 'drain', 'the drain to begin');
      await service.kill9();
      service = await startService();
      held.release();
      expect(await answerTo(request)).toMatchObject({
        type: 'lb.drained',
        data: { evidence: { end: 'idle' } },
      });
      expect(await adminOf('web1')).toBe('off');
      expect(await answerTo(await enable('web1'))).toMatchObject({ type: 'lb.enabled' });
    },
    LIMIT,
  );

  it(
    'F-079 puts a drained host out again after a reload, until it is to be enabled',
    async () => {
      await answerTo(await drain('web1'));
      await device.reload();
      await eventually(async () => (await adminOf('web1')) === 'off', 'the host to be out again');
      expect(await service.metric('gantry_lb_reasserted_total')).toBe(1);
      await answerTo(await enable('web1'));
      await device.reload();
      await eventually(async () => (await adminOf('web1')) === 'in', 'the host to stay in');
      expect(await service.metric('gantry_lb_reasserted_total')).toBe(1);
    },
    LIMIT,
  );

  it(
    'F-079 puts a drained host out again after a reload also when it has been restarted since',
    async () => {
      await answerTo(await drain('web1'));
      await service.kill9();
      service = await startService();
      await eventually(
        async () => (await service.metric('gantry_lb_watched_hosts')) === 1,
        'watch',
      );
      await device.reload();
      await eventually(async () => (await adminOf('web1')) === 'off', 'the host to be out again');
      expect(await answerTo(await enable('web1'))).toMatchObject({ type: 'lb.enabled' });
    },
    LIMIT,
  );

  it(
    'F-012 carries out no drain that comes again after the turn that asked for it is over',
    async () => {
      const held = await device.hold('web', 'web1');
      const request = await drain('web1');
      await eventually(async () => (await adminOf('web1')) === 'drain', 'the drain to begin');
      await service.kill9();
      held.release();
      // Another replica has put it back under the same claim, and this one was not there to see it.
      await device.driver.setAdmin('web', 'web1', 'in');
      const host = 'web1.example.net' as Certname;
      orchestrator.says({ host, epoch: 1, standing: 'in', memberships: [] });
      service = await startService();
      expect(await answerTo(request)).toMatchObject({
        type: 'lb.drain.failed',
        data: { kind: 'stale-epoch' },
      });
      expect(await adminOf('web1')).toBe('in');
    },
    LIMIT,
  );

  it(
    'refuses an older claim on a host than one it has seen',
    async () => {
      await answerTo(await drain('web1', { epoch: 5 }));
      expect(await answerTo(await drain('web1', { epoch: 4 }))).toMatchObject({
        type: 'lb.drain.failed',
        data: { kind: 'stale-epoch' },
      });
    },
    LIMIT,
  );
});
