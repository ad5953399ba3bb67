import 'reflect-metadata';
import type { AddressInfo, Server } from 'node:net';
import { Global, Module, type INestApplication, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  BUS,
  CLOCK,
  CONFIG,
  HealthChecks,
  IDENTITY,
  IDS,
  Log,
  systemClock,
  uuidSource,
} from '@gantry/service-kit';
import { GatewayEnv } from '../src/config.js';
import { GatewayModule } from '../src/gateway.module.js';
import { configureHttp } from '../src/http/configure-http.js';
import { FakeBus } from './fake-bus.js';

/** A gateway that serves real HTTP over a fake bus. */
export interface Booted {
  readonly app: INestApplication;
  readonly bus: FakeBus;
  readonly url: string;
  readonly port: number;
  readonly logged: string[];
  close(): Promise<void>;
}

/** Starts one on a free loopback port. */
export async function boot(env: Readonly<Record<string, string>> = {}): Promise<Booted> {
  const config = GatewayEnv.parse({
    GANTRY_BROKER_URIS: 'stomp://127.0.0.1:1',
    GANTRY_BROKER_LOGIN: 'x',
    GANTRY_BROKER_PASSCODE: 'x',
    ...env,
  });
  const bus = new FakeBus();
  const logged: string[] = [];
  const log = new Log({ service: 'gateway', level: 'error', write: (line) => logged.push(line) });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes literals
  const settings: NestApplicationOptions = {
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  };
  const app = await NestFactory.create(rootOf(config, bus, log), settings);
  configureHttp(app, config);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return {
    app,
    bus,
    port,
    url: `http://127.0.0.1:${port}`,
    logged,
    close: () => app.close(),
  };
}

function rootOf(config: unknown, bus: FakeBus, log: Log): new () => object {
  const values = [
    { provide: BUS, useValue: bus },
    { provide: CONFIG, useValue: config },
    { provide: CLOCK, useValue: systemClock },
    { provide: IDS, useValue: uuidSource },
    { provide: IDENTITY, useValue: { service: 'gateway', instance: 'test' } },
    { provide: HealthChecks, useValue: new HealthChecks() },
    { provide: Log, useValue: log },
  ];
  @Global()
  @Module({ imports: [GatewayModule], providers: values, exports: values.map((v) => v.provide) })
  class Root {}
  return Root;
}
