import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  OnMessage,
  OnRequest,
  RpcErrorFilter,
  StompContext,
  StompServer,
  type StompServerOptions,
} from '../../src/index.js';
import { jsonCodec } from './json-codec.js';

/** What the test wants the handlers to do. */
export type Behaviour = (data: never, context: StompContext) => unknown;

/** A running service: a whole Nest application around the transport. */
export interface TestService {
  readonly server: StompServer;
  readonly close: () => Promise<void>;
}

type Options = Partial<StompServerOptions> &
  Pick<StompServerOptions, 'uris' | 'service' | 'routes'>;

const running = new Set<TestService>();

/** Starts a Nest microservice that handles `thing.happened` and `thing.changed`, and answers `thing.asked`. */
export async function startService(options: Options, behaviour: Behaviour): Promise<TestService> {
  @Controller()
  class ThingController {
    @OnMessage('thing.happened')
    happened(@Payload() data: never, @Ctx() context: StompContext): unknown {
      return behaviour(data, context);
    }

    @OnMessage('thing.changed')
    changed(@Payload() data: never, @Ctx() context: StompContext): unknown {
      return behaviour(data, context);
    }

    @OnRequest('thing.asked')
    asked(@Payload() data: never, @Ctx() context: StompContext): unknown {
      return behaviour(data, context);
    }
  }

  @Module({ controllers: [ThingController] })
  class ThingModule {}

  const server = new StompServer({
    codec: jsonCodec,
    logger: silent,
    drainMs: 5_000,
    reconnect: { minMs: 20, maxMs: 200 },
    retry: { minMs: 5, maxMs: 20 },
    ...options,
  });
  const settings = { strategy: server, logger: false as const };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
  const app = await NestFactory.createMicroservice(ThingModule, settings);
  app.useGlobalFilters(new RpcErrorFilter());
  await app.listen();
  const service = {
    server,
    close: async (): Promise<void> => {
      running.delete(service);
      await app.close();
    },
  };
  running.add(service);
  return service;
}

/** Closes what a test left running. */
export async function closeServices(): Promise<void> {
  await Promise.all([...running].map((service) => service.close()));
}

const nothing = (): void => undefined;
const silent = { log: nothing, warn: nothing, error: nothing };
