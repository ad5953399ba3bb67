import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload, type MicroserviceOptions } from '@nestjs/microservices';
import {
  OnMessage,
  silentLogger,
  StompClient,
  StompContext,
  StompServer,
  type StompClientOptions,
  type StompDecoder,
} from '@gantry/stomp-transport';
import { firstValueFrom } from 'rxjs';
import { Endings } from '../steps/workflow.js';
import { PREFETCH, namesOf, type BrokerAccount } from './broker-account.js';
import type { PingPong } from './ping-pong.js';

interface Ball {
  readonly id: string;
  readonly body: string;
}

const codec: StompClientOptions['codec'] & StompDecoder = {
  encode: (pattern, data) => {
    const { id, body } = data as Ball;
    return { body, headers: { 'content-type': 'application/json', 'x-type': pattern, 'x-id': id } };
  },
  decode: ({ headers, body }) => ({
    pattern: headers['x-type'] ?? '',
    data: { id: headers['x-id'] ?? '', body: body.toString('utf8') },
  }),
};

/** The same through Nest: a client that emits, and two services whose controllers receive. */
export async function nestPingPong(account: BrokerAccount): Promise<PingPong> {
  const { pingTopic, pingQueue, pongTopic, pongQueue } = namesOf('nest');
  const endings = new Endings();
  const clientFor = (service: string, destination: string): StompClient =>
    new StompClient({ ...connection(account, service), codec, destinationOf: () => destination });
  const [pings, pongs] = [clientFor('pinger', pingTopic), clientFor('ponger', pongTopic)];

  @Controller()
  class Ponger {
    @OnMessage('ping')
    async ping(@Payload() ball: Ball, @Ctx() _context: StompContext): Promise<void> {
      await firstValueFrom(pongs.emit('pong', ball), { defaultValue: undefined });
    }
  }

  @Controller()
  class Pinger {
    @OnMessage('pong')
    pong(@Payload() { id }: Ball): Promise<void> {
      endings.ended(id);
      return Promise.resolve();
    }
  }

  const ponger = await serve(account, Ponger, pingQueue);
  const pinger = await serve(account, Pinger, pongQueue);
  await Promise.all([pings.connect(), pongs.connect()]);
  let next = 0;
  return {
    name: 'Gantry StompClient + StompServer',
    trip: async (body) => {
      const id = String(next++);
      const back = endings.waitFor(id);
      const sent = firstValueFrom(pings.emit('ping', { id, body }), { defaultValue: undefined });
      await Promise.all([sent, back]);
    },
    close: async () => {
      await Promise.all([ponger.close(), pinger.close(), pings.close(), pongs.close()]);
    },
  };
}

async function serve(
  account: BrokerAccount,
  controller: new () => object,
  destination: string,
): Promise<{ close(): Promise<void> }> {
  @Module({ controllers: [controller] })
  class Service {}
  const options: MicroserviceOptions & { readonly logger: false } = {
    logger: false,
    strategy: new StompServer({
      ...connection(account, controller.name),
      codec,
      routes: { subscriptions: [{ destination, ack: 'client-individual' }] },
      prefetch: PREFETCH,
      maxInFlight: PREFETCH,
    }),
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes literals
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(Service, options);
  await app.listen();
  return app;
}

function connection(
  { host, port, login, passcode }: BrokerAccount,
  service: string,
): Pick<StompClientOptions, 'uris' | 'login' | 'passcode' | 'service' | 'logger'> {
  return { uris: [`stomp://${host}:${port}`], login, passcode, service, logger: silentLogger };
}
