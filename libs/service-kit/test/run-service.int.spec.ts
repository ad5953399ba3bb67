import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  AttentionClosed,
  GetDeployment,
  HOST_PRESENCE_TOPIC,
  HostPresence,
  LbDrained,
  LbDrainFailed,
  ListHosts,
  parkedQueue,
  topicDestination,
  type DataOf,
} from '@gantry/contracts';
import { waitUntil } from '@gantry/lab';
import { ParkedQueue } from '@gantry/stomp-transport';
import { startTestBroker, type TestBroker } from '@gantry/testing';
import { z } from 'zod';
import { brokerEnv, httpEnv, loadConfig, runService, type RunningService } from '../src/index.js';
import { PLAIN_TOPICS, Seen, TinyModule } from './tiny-service.js';

const STREAM = 'deployment-018f0000-0000-7000-8000-000000000001';

const drained = {
  requestId: 'r1',
  host: 'web1.example.net',
  evidence: {
    end: 'idle',
    connectionsAtEnd: 0,
    reads: 2,
    waitedMs: 12,
    drainedAt: '2026-01-01T00:00:00.000Z',
  },
  pools: [],
} as unknown as DataOf<typeof LbDrained>;
const drainFailed = {
  requestId: 'r1',
  host: 'web1.example.net',
  kind: 'timeout',
  reason: 'still 3 connections',
  restored: true,
  pools: [],
} as unknown as DataOf<typeof LbDrainFailed>;

const eventually = (probe: () => boolean | Promise<boolean>): Promise<void> =>
  waitUntil(probe, {
    deadlineMs: 20_000,
    onTimeout: () => new Error(`never: ${probe.toString()}`),
  });

describe('a service on a real broker', () => {
  let broker: TestBroker;
  let service: RunningService;
  let seen: Seen;
  const lines: Record<string, unknown>[] = [];

  beforeAll(async () => {
    broker = await startTestBroker();
    const { login, passcode } = broker.credentials('orchestrator');
    service = await runService({
      name: 'orchestrator',
      config: loadConfig(z.object({ ...brokerEnv, ...httpEnv }), {
        GANTRY_BROKER_URIS: broker.uri,
        GANTRY_BROKER_LOGIN: login,
        GANTRY_BROKER_PASSCODE: passcode,
      }),
      module: TinyModule,
      families: ['lb.observations', 'audit.queries', 'log.events'],
      plainTopics: PLAIN_TOPICS,
      retry: { minMs: 5, maxMs: 10 },
      writeLog: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    });
    seen = service.app.get(Seen);
  }, 120_000);

  afterAll(async () => {
    await service.close();
    await broker.stop();
  }, 60_000);

  beforeEach(() => {
    lines.length = 0;
  });

  const get = (path: string) => fetch(`http://127.0.0.1:${service.httpPort}${path}`);

  function parked(): ParkedQueue {
    const { login, passcode } = broker.credentials('ops');
    return new ParkedQueue({ uris: [broker.uri], login, passcode }, parkedQueue('orchestrator'));
  }

  it('says that it is alive and ready, and counts', async () => {
    expect((await get('/healthz')).status).toBe(200);
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, checks: { broker: 'ok' } });
    expect(await (await get('/metrics')).text()).toContain('gantry_deliveries_total');
  });

  it('brings a message to its handler with its bytes, headers and log context', async () => {
    await service.bus.publish(LbDrained, drained, { subject: STREAM, actor: 'anna' });
    await eventually(() => seen.drained.length === 1);
    const [{ message, body, headers, context }] = seen.drained as [(typeof seen.drained)[0]];
    expect(message.data).toEqual(drained);
    expect(JSON.parse(body)).toEqual(message);
    expect(headers).toMatchObject({
      'x-type': 'lb.drained',
      'x-id': message.id,
      'x-group': STREAM,
    });
    expect(context).toEqual({
      messageId: message.id,
      messageType: 'lb.drained',
      correlationId: message.id,
      subject: STREAM,
    });
    await eventually(() =>
      lines.some((line) => line['msg'] === 'message handled' && line['messageId'] === message.id),
    );
  });

  it('answers requests, and passes the error of the other side on', async () => {
    const found = randomUUID().replace(/^./, '1');
    const ask = (deploymentId: string) =>
      service.bus.request(GetDeployment, { deploymentId } as DataOf<typeof GetDeployment>, {
        timeoutMs: 10_000,
        actor: 'ben',
      });
    expect(await ask(found)).toEqual({ found, askedBy: 'ben' });
    const missing = found.replace(/^./, '0');
    await expect(ask(missing)).rejects.toMatchObject({
      kind: 'not-found',
      code: 'tiny.no-such',
      details: { deploymentId: missing },
    });
  });

  it('gives up a request that nobody answers', async () => {
    // No handler: the request is parked, and the one who asked hears nothing.
    await expect(service.bus.request(ListHosts, {}, { timeoutMs: 300 })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'bus.no-answer',
    });
  });

  it('gives what has no handler of its own to the handler of its family', async () => {
    await service.bus.publish(
      AttentionClosed,
      { key: 'host-web1', because: 'back' },
      { subject: 'attention-host-web1', destination: topicDestination('log.events') },
    );
    await eventually(() => seen.family.length === 1);
    expect(seen.family[0]).toMatchObject({ type: 'attention.closed' });
  });

  it('hears plain topics', async () => {
    const presence = {
      host: 'web1.example.net',
      keyId: 'k1',
      role: 'agent',
      bootId: 'b',
      listenerVersion: '0.1.0',
      busyWith: null,
    } as unknown as DataOf<typeof HostPresence>;
    await service.bus.publish(HostPresence, presence, {
      destination: HOST_PRESENCE_TOPIC,
      persistent: false,
    });
    await eventually(() => seen.presence.length === 1);
  });

  it('tries again what is unavailable, parks what is refused with its reason, and counts both', async () => {
    seen.failuresBeforeSuccess = 2;
    await service.bus.publish(LbDrainFailed, drainFailed, { subject: STREAM });
    const queue = parked();
    const about = async () => (await queue.list()).filter(({ code }) => code === 'tiny.refused');
    await eventually(async () => (await about()).length === 1);
    const [item] = await about();
    expect(item).toMatchObject({
      reason: 'The tiny service refuses it.',
      attempts: 3,
      by: 'orchestrator',
      headers: { 'x-type': 'lb.drain.failed' },
    });
    expect(JSON.parse(item!.body.toString('utf8'))).toMatchObject({ data: drainFailed });
    expect(seen.attempts).toBe(3);
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain(
      'gantry_deliveries_total{type="lb.drain.failed",outcome="retried",service="orchestrator"} 2',
    );
    expect(metrics).toContain(
      'gantry_deliveries_total{type="lb.drain.failed",outcome="parked",service="orchestrator"} 1',
    );
  });

  it('parks what is no message of ours', async () => {
    await service.bus.send(Buffer.from('{"specversion":"1.0"}'), {
      destination: topicDestination('lb.observations'),
    });
    const queue = parked();
    await eventually(async () =>
      (await queue.list()).some(({ reason }) => /not a Gantry envelope/.test(reason)),
    );
  });

  it('is not ready without its broker, and recovers by itself', async () => {
    await broker.down();
    await eventually(async () => (await get('/readyz')).status === 503);
    expect((await get('/healthz')).status).toBe(200);
    await broker.up();
    await eventually(async () => (await get('/readyz')).status === 200);
    const before = seen.drained.length;
    await service.bus.publish(LbDrained, drained, { subject: STREAM });
    await eventually(() => seen.drained.length > before);
  }, 120_000);
});
