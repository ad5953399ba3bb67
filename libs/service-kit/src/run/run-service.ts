import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import type { INestApplication, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { KitConfig } from '../config/config.token.js';
import { armCrashPoint } from '../crash/crash-point.js';
import { HealthChecks } from '../health/health-checks.js';
import { Log } from '../logging/log.js';
import { NestLogger } from '../logging/nest-logger.js';
import { FailedTypes } from '../messaging/failed-types.js';
import { StompBus } from '../messaging/stomp-bus.js';
import { Metrics } from '../metrics/metrics.js';
import { systemClock } from '../time/clock.port.js';
import { uuidSource } from '../time/id-source.port.js';
import { brokerSide, type BrokerSide } from './broker-side.js';
import { KitModule, type KitParts } from './kit.module.js';
import { guardProcess } from './process-guard.js';
import type { RunningService, ServiceOptions } from './service-options.js';

const DRAINING = 'it stops: no new work is taken, what goes on is finished';

/**
 * Runs a service until it is closed: its module's start-up hooks first, then its queues, then HTTP; on the way down messages
 * first, then the rest, so that no handler finds its database closed.
 */
export async function runService<C extends KitConfig>(
  options: ServiceOptions<C>,
): Promise<RunningService> {
  armCrashPoint();
  const { parts, broker } = assemble(options);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes literals
  const settings: NestApplicationOptions = {
    logger: new NestLogger(parts.log),
    abortOnError: false,
    forceCloseConnections: true,
  };
  const app = await NestFactory.create(KitModule.around(options.module, parts), settings);
  const close = closing(app, broker, () => {
    parts.health.add('draining', () => DRAINING);
    options.beforeDrain?.(app);
  });
  try {
    await start(app, broker, options);
  } catch (error) {
    await close();
    throw error;
  }
  const httpPort = portOf(app);
  const letGo = guardProcess(parts.log, close);
  parts.log.log('ready', { httpPort, instance: parts.identity.instance });
  return {
    instance: parts.identity.instance,
    httpPort,
    app,
    bus: parts.bus,
    close: async () => {
      letGo();
      await close();
    },
  };
}

function assemble(options: ServiceOptions): { parts: KitParts; broker: BrokerSide } {
  const { name, config, writeLog } = options;
  const identity = { service: name, instance: config.GANTRY_INSTANCE };
  const log = new Log({
    service: name,
    level: config.GANTRY_LOG_LEVEL,
    ...(writeLog === undefined ? {} : { write: writeLog }),
  });
  const metrics = new Metrics(name);
  const failed = new FailedTypes();
  const health = new HealthChecks();
  const broker = brokerSide(options, identity, { log, metrics, failed });
  health.add('broker', () => brokerProblem(broker));
  const sender = { ...identity, clock: systemClock, ids: uuidSource };
  const bus = new StompBus({ ...broker, sender, metrics });
  const { clock, ids } = sender;
  return { parts: { identity, config, log, metrics, health, failed, bus, clock, ids }, broker };
}

function brokerProblem({ server, publisher }: BrokerSide): string | undefined {
  const problems = [
    ...server.problems,
    ...(publisher.connected ? [] : ['bus not connected for publishing']),
  ];
  return problems.length === 0 ? undefined : problems.join('; ');
}

async function start(
  app: INestApplication,
  { server, publisher }: BrokerSide,
  { config, configureHttp }: ServiceOptions,
): Promise<void> {
  await publisher.open();
  app.connectMicroservice({ strategy: server }, { inheritAppConfig: true });
  configureHttp?.(app);
  await app.init();
  await app.startAllMicroservices();
  await app.listen(config.GANTRY_HTTP_PORT, config.GANTRY_HTTP_HOST);
}

/** Whoever asks hears first that the service is not ready any more; HTTP stays up until the handlers have ended. */
function closing(
  app: INestApplication,
  broker: BrokerSide,
  beforeDrain: () => void,
): () => Promise<void> {
  let done: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    beforeDrain();
    await broker.server.close();
    await app.close();
    await broker.client.close();
  };
  return () => (done ??= close());
}

function portOf(app: INestApplication): number {
  const server = app.getHttpServer() as Server;
  return (server.address() as AddressInfo).port;
}
