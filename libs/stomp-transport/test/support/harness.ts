import { randomUUID } from 'node:crypto';
import { firstValueFrom } from 'rxjs';
import {
  ParkedQueue,
  StompClient,
  StompPublisher,
  type ParkedMessage,
  type StompClientOptions,
} from '../../src/index.js';
import type { TestBroker } from '../broker.js';
import { jsonCodec } from './json-codec.js';
import { closeServices } from './test-service.js';

/** One broker and the means to talk to it; every test gets names of its own, so that none sees another's messages. */
export class Harness {
  private readonly closers: (() => Promise<unknown>)[] = [];

  constructor(readonly broker: TestBroker) {}

  /** A topic nobody has used, and the queue of a service on it. */
  topic(): { readonly destination: string; queue(service: string): string } {
    const name = `VirtualTopic.${randomUUID().slice(0, 8)}`;
    return {
      destination: `/topic/${name}`,
      queue: (service) => `/queue/Consumer.${service}.${name}`,
    };
  }

  service(): string {
    return `svc-${randomUUID().slice(0, 8)}`;
  }

  publisher(
    options: Partial<ConstructorParameters<typeof StompPublisher>[0]> = {},
  ): StompPublisher {
    const publisher = new StompPublisher({
      uris: [this.broker.uri],
      reconnect: { minMs: 20, maxMs: 200 },
      ...options,
    });
    void publisher.open();
    this.closers.push(() => publisher.close(1_000));
    return publisher;
  }

  client(destination: string, options: Partial<StompClientOptions> = {}): StompClient {
    const client = new StompClient({
      uris: [this.broker.uri],
      service: 'asker',
      codec: jsonCodec,
      destinationOf: () => destination,
      reconnect: { minMs: 20, maxMs: 200 },
      logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
      ...options,
    });
    this.closers.push(() => client.close());
    return client;
  }

  async emit(client: StompClient, pattern: string, data: unknown): Promise<void> {
    await firstValueFrom(client.emit(pattern, data), { defaultValue: undefined });
  }

  /** What lies in a queue, without taking it. */
  browse(queue: string): Promise<readonly ParkedMessage[]> {
    return new ParkedQueue({ uris: [this.broker.uri] }, queue).list();
  }

  parked(service: string): Promise<readonly ParkedMessage[]> {
    return this.parkedQueue(service).list();
  }

  parkedQueue(service: string): ParkedQueue {
    return new ParkedQueue({ uris: [this.broker.uri] }, `/queue/gantry.parked.${service}`);
  }

  /** Closes everything a test opened. */
  async cleanUp(): Promise<void> {
    await closeServices();
    await Promise.all(this.closers.splice(0).map((close) => close()));
  }
}
