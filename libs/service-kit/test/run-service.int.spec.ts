import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import {
  BuildGone,
  LbDrained,
  LbDrainFailed,
  makeMessage,
  parkedQueue,
  PauseDeployment,
  ResumeDeployment,
  SERVICE_PRESENCE_TOPIC,
  ServicePresence,
  topicDestination,
  type DataOf,
  type ServiceName,
} from '@gantry/contracts';
import { waitUntil } from '@gantry/lab';
import { ParkedQueue } from '@gantry/stomp-transport';
import { converseStomp, startTestBroker, type TestBroker } from '@gantry/testing';
import { z } from 'zod';
import { brokerEnv, httpEnv, loadConfig, runService, type RunningService } from '../src/index.js';
import { PLAIN_TOPICS, Seen, SpeakingModule, TinyModule } from './tiny-service.js';

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

const pausing = (deploymentId: string) =>
  ({ deploymentId, reason: 'to try it' }) as DataOf<typeof PauseDeployment>;
const eventually = (probe: () => boolean | Promise<boolean>): Promise<void> =>
  waitUntil(probe, {
    deadlineMs: 20_000,
    onTimeout: () => new Error(`never: ${probe.toString()}`),
  });

describe('a service on a real broker', () => {
  let broker: TestBroker;
  let service: RunningService;
  let controller: RunningService;
  let gateway: RunningService;
  let watcher: RunningService;
  let seen: Seen;
  const lines: Record<string, unknown>[] = [];

  beforeAll(async () => {
    broker = await startTestBroker();
    service = await runService({
      name: 'orchestrator',
      config: configOf('orchestrator'),
      module: TinyModule,
      families: ['lb.observations', 'deployment.commands', 'builds'],
      plainTopics: PLAIN_TOPICS,
      retry: { minMs: 5, maxMs: 10 },
      writeLog: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    });
    seen = service.app.get(Seen);
    [controller, gateway, watcher] = await Promise.all([
      speaker('lb-controller'),
      speaker('gateway'),
      speaker('build-watcher'),
    ]);
  }, 120_000);

  const configOf = (principal: string) => {
    return loadConfig(z.object({ ...brokerEnv, ...httpEnv }), broker.environment(principal));
  };
  const speaker = (name: ServiceName) =>
    runService({
      name,
      config: configOf(name),
      module: SpeakingModule,
      families: [],
      writeLog: () => undefined,
    });

  afterAll(async () => {
    await Promise.all([service, controller, gateway, watcher].map((one) => one.close()));
    await broker.stop();
  }, 60_000);

  beforeEach(() => {
    lines.length = 0;
  });

  const get = (path: string) => fetch(`http://127.0.0.1:${service.httpPort}${path}`);

  function parked(principal = 'ops'): ParkedQueue {
    return new ParkedQueue(broker.connection(principal), parkedQueue('orchestrator'));
  }

  it('says that it is alive and ready, and counts', async () => {
    expect((await get('/healthz')).status).toBe(200);
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, checks: { broker: 'ok' } });
    expect(await (await get('/metrics')).text()).toContain('gantry_deliveries_total');
  });

  it('brings a message to its handler with its bytes, headers and log context', async () => {
    await controller.bus.publish(LbDrained, drained, { subject: STREAM, actor: 'anna' });
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
      gateway.bus.request(PauseDeployment, pausing(deploymentId), {
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
    await expect(
      gateway.bus.request(ResumeDeployment, pausing(randomUUID()), { timeoutMs: 300 }),
    ).rejects.toMatchObject({ kind: 'unavailable', code: 'bus.no-answer' });
  });

  it('gives what has no handler of its own to the handler of its family', async () => {
    const gone = {
      repository: 'r',
      name: 'shop',
      evr: '1-1',
      arch: 'noarch',
      sha256: 'a'.repeat(64),
    };
    await watcher.bus.publish(BuildGone, gone as DataOf<typeof BuildGone>, {
      subject: 'build-shop',
    });
    await eventually(() => seen.family.length === 1);
    expect(seen.family[0]).toMatchObject({ type: 'build.gone' });
  });

  it('hears plain topics', async () => {
    const said = {
      service: 'gateway',
      instance: 'spec',
      startedAt: '2026-01-01T00:00:00.000Z',
      failing: [],
    } as unknown as DataOf<typeof ServicePresence>;
    const live = { destination: SERVICE_PRESENCE_TOPIC, persistent: false };
    await gateway.bus.publish(ServicePresence, said, live);
    await eventually(() =>
      seen.presence.some(({ data }) => 'instance' in data && data.instance === 'spec'),
    );
  });

  it('tries again what is unavailable, parks what is refused with its reason, and counts both', async () => {
    seen.failuresBeforeSuccess = 2;
    await controller.bus.publish(LbDrainFailed, drainFailed, { subject: STREAM });
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
    await controller.bus.send(Buffer.from('{"specversion":"1.0"}'), {
      destination: topicDestination('lb.observations'),
    });
    const queue = parked();
    await eventually(async () =>
      (await queue.list()).some(({ reason }) => /not a Gantry envelope/.test(reason)),
    );
  });

  it('F-106 parks what a newer version says, a new type as well as a new form of an old one, and goes on with everything else', async () => {
    const id = randomUUID();
    const known = makeMessage(LbDrained, drained, {
      ...{ id, correlationid: id, causationid: id, subject: STREAM as never },
      ...{ source: '/gantry/lb-controller', time: new Date().toISOString(), actor: 'a' as never },
    });
    const before = seen.drained.length;
    const already = (await parked().list()).length;
    const newer = [
      { ...known, id: randomUUID(), dataschema: known.dataschema.replace(/\d+$/, '2') },
      { ...known, id: randomUUID(), type: 'lb.teleported' },
    ];
    for (const message of newer) {
      await controller.bus.send(Buffer.from(JSON.stringify(message)), {
        destination: topicDestination('lb.observations'),
      });
    }
    await controller.bus.publish(LbDrained, drained, { subject: STREAM, actor: 'anna' });
    await eventually(() => seen.drained.length > before);
    expect(seen.drained).toHaveLength(before + 1);
    await eventually(async () => (await parked().list()).length === already + newer.length);
  }, 30_000);

  it('F-111 nobody reads the metrics that were asked for, two hundred times over: messages are handled and health is told', async () => {
    const asked = 'GET /metrics HTTP/1.1\r\nhost: gantry\r\n\r\n'.repeat(10);
    const deaf = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = connect(service.httpPort, '127.0.0.1').pause();
        await once(socket, 'connect');
        socket.write(asked);
        return socket;
      }),
    );
    try {
      const before = seen.drained.length;
      await controller.bus.publish(LbDrained, drained, { subject: STREAM, actor: 'anna' });
      await eventually(() => seen.drained.length > before);
      expect((await get('/readyz')).status).toBe(200);
      expect(deaf.every((socket) => !socket.destroyed)).toBe(true);
    } finally {
      for (const socket of deaf) socket.destroy();
    }
  }, 30_000);

  const ofOrigin = async () =>
    (await parked().list()).filter(({ code }) => code === 'origin.refused');

  it('H-044 refuses what a service says in the name of another, also given back by a person', async () => {
    const before = seen.paused;
    const queue = topicDestination('lb.observations');
    await controller.bus.publish(PauseDeployment, pausing(randomUUID()), { destination: queue });
    await eventually(async () => (await ofOrigin()).length === 1);
    const [refused] = await ofOrigin();
    expect(refused).toMatchObject({
      reason: expect.stringMatching(
        /deployment\.pause was refused: lb-controller has not that to say/,
      ),
      headers: { 'x-sent-by': 'lb-controller' },
    });
    await parked('orchestrator').replay(refused!.messageId, refused!.from);
    await eventually(async () => {
      const [again, ...more] = await ofOrigin();
      return more.length === 0 && again !== undefined && again.messageId !== refused!.messageId;
    });
    expect(seen.paused).toBe(before);
    expect(await (await get('/metrics')).text()).toContain(
      'gantry_deliveries_total{type="deployment.pause",outcome="refused",service="orchestrator"} 2',
    );
  });

  it('H-043 H-044 is not taken in by a name that the sender writes himself', async () => {
    const before = { paused: seen.paused, refused: (await ofOrigin()).length };
    const body = JSON.stringify(
      makeMessage(PauseDeployment, pausing(randomUUID()), {
        ...{ id: randomUUID(), correlationid: randomUUID(), causationid: randomUUID() },
        ...{ source: '/gantry/gateway', time: new Date().toISOString(), actor: 'anna' as never },
      }),
    );
    const forged = [
      'JMSXUserID:gateway',
      'JMSXUserID:gateway\nJMSXUserID:gateway',
      'jmsxuserid:gateway',
      'x-sent-by:gateway',
      'JMSXUserID:orchestrator\nx-sent-by:gateway',
      'JMSXUserID:gateway\ntransformation:jms-map-json',
    ];
    for (const headers of forged) {
      const to = `destination:${topicDestination('lb.observations')}`;
      const frame = `SEND\n${to}\npersistent:true\n${headers}\nreceipt:r\n\n${body}\0`;
      const account = broker.credentials('lb-controller');
      await converseStomp({ uri: broker.uri, account }, [frame], /receipt-id:r|ERROR/);
    }
    await eventually(async () => (await ofOrigin()).length >= before.refused + 5);
    expect(seen.paused).toBe(before.paused);
  });

  it('is not ready without its broker, and recovers by itself', async () => {
    await broker.down();
    await eventually(async () => (await get('/readyz')).status === 503);
    expect((await get('/healthz')).status).toBe(200);
    await broker.up();
    await eventually(async () => (await get('/readyz')).status === 200);
    const before = seen.drained.length;
    await controller.bus.publish(LbDrained, drained, { subject: STREAM });
    await eventually(() => seen.drained.length > before);
  }, 120_000);
});
