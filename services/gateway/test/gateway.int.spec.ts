import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ActorId,
  DeploymentStarted,
  HOST_LOG_TOPIC,
  HostLogLines,
  LIVE_EVENTS_TOPIC,
  makeMessage,
  type DataOf,
} from '@gantry/contracts';
import { startBroker, type Broker } from '@gantry/lab';
import {
  brokerEnv,
  httpEnv,
  loadConfig,
  runService,
  type RunningService,
} from '@gantry/service-kit';
import { StompPublisher } from '@gantry/stomp-transport';
import { z } from 'zod';
import { GatewayEnv } from '../src/config.js';
import { startGateway } from '../src/start-gateway.js';
import { AnsweringModule, Known } from './answering-services.js';
import { SseReader } from './sse-reader.js';

const good = { application: 'shop', environment: 'production', evr: '1.2.0-1', reason: 'new' };

const ID = '018f0000-0000-7000-8000-00000000000a';
const CONTEXT = {
  id: ID,
  source: '/gantry/listener/web1.lab',
  time: '2026-01-01T00:00:00.000Z',
  correlationid: ID,
  causationid: ID,
  actor: ActorId.parse('web1.lab'),
};

describe('the gateway on a real broker', () => {
  let broker: Broker;
  let gateway: RunningService;
  let orchestrator: RunningService;
  let audit: RunningService;

  const envFor = (principal: string): Record<string, string> => {
    return {
      ...broker.environment(principal),
      GANTRY_LOG_LEVEL: 'error',
    };
  };
  const answering = (
    name: 'orchestrator' | 'audit',
    families: readonly ('deployment.commands' | 'audit.queries')[],
  ): Promise<RunningService> =>
    runService({
      name,
      config: loadConfig(z.object({ ...brokerEnv, ...httpEnv }), envFor(name)),
      module: AnsweringModule,
      families,
    });

  beforeAll(async () => {
    broker = await startBroker();
    // The stand-in of audit shares what the stand-in of the orchestrator was told.
    orchestrator = await answering('orchestrator', ['deployment.commands']);
    audit = await answering('audit', ['audit.queries']);
    Object.assign(audit.app.get(Known), { events: orchestrator.app.get(Known).events });
    gateway = await startGateway(loadConfig(GatewayEnv, envFor('gateway')));
  }, 120_000);

  afterAll(async () => {
    for (const service of [gateway, audit, orchestrator]) await service.close();
    await broker.stop();
  }, 60_000);

  const url = (path: string): string => `http://127.0.0.1:${gateway.httpPort}${path}`;

  it('is ready', async () => {
    const response = await fetch(url('/readyz'));
    expect(await response.json()).toEqual({ ready: true, checks: { broker: 'ok' } });
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('carries a command there and its answer back, and follows what comes of it', async () => {
    const response = await fetch(url('/api/v1/deployments'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'int-1' },
      body: JSON.stringify(good),
    });
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as { id: string };
    const known = orchestrator.app.get(Known);
    expect(known.commands).toMatchObject([
      { actor: 'local-operator', subject: `deployment-${id}`, data: { ...good, deploymentId: id } },
    ]);

    const reader = await SseReader.open(url(`/api/v1/deployments/${id}/events`), {});
    expect((await reader.take(2)).map(({ event }) => event)).toEqual(['log', 'view']);

    known.events.set(id, 2);
    const stream = `deployment-${id}`;
    await orchestrator.bus.publish(
      DeploymentStarted,
      {},
      { subject: stream, destination: LIVE_EVENTS_TOPIC },
    );
    expect((await reader.take(2)).map(({ id: position, event }) => position ?? event)).toEqual([
      '2',
      'view',
    ]);

    const lines = {
      host: 'web1.lab',
      cmdId: 'c1',
      stream,
      lines: [
        { at: '2026-01-01T00:00:00.000Z', level: 'notice', source: 'Puppet', message: 'Applied' },
      ],
    } as unknown as DataOf<typeof HostLogLines>;
    const host = new StompPublisher(broker.connection('host.web1.lab'));
    await host.open(10_000);
    // A plain topic keeps nothing for those who are late, so it is said until it is heard.
    const repeat = setInterval(() => {
      void host.publish({
        destination: HOST_LOG_TOPIC,
        persistent: false,
        body: JSON.stringify(makeMessage(HostLogLines, lines, CONTEXT)),
      });
    }, 50);
    const heard = await reader.takeUntil(({ event }) => event === 'story');
    clearInterval(repeat);
    await host.close(1_000);
    expect(JSON.parse(heard.at(-1)!.data)).toEqual(lines);
    await reader.close();
  });

  it('repeats a command under the same ids', async () => {
    const known = orchestrator.app.get(Known);
    const before = known.commands.length;
    for (let i = 0; i < 2; i += 1)
      await fetch(url('/api/v1/deployments'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'int-2' },
        body: JSON.stringify(good),
      });
    const [first, second] = known.commands.slice(before);
    expect(second?.id).toBe(first?.id);
    expect(second?.data).toEqual(first?.data);
  });

  it('listens on loopback and nowhere else', () => {
    const address = (gateway.app.getHttpServer() as { address(): unknown }).address();
    expect(address).toMatchObject({ address: '127.0.0.1' });
    expect(() =>
      loadConfig(GatewayEnv, { ...envFor('gateway'), GANTRY_HTTP_HOST: '0.0.0.0' }),
    ).toThrow(/loopback only/);
  });
});
