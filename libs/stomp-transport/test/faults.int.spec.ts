import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { StompConsumer, type StompError, type StompPublisher } from '../src/index.js';
import { TestBroker } from './broker.js';
import { Gate, eventually } from './support/eventually.js';
import { Harness } from './support/harness.js';
import { TcpProxy } from './support/tcp-proxy.js';
import { startService } from './support/test-service.js';
import type { BrokerLimits } from './support/broker-config.js';

jest.setTimeout(60_000);

interface Thing {
  readonly id: number;
}

const BEAT_MS = 400;
/** For what takes a second where nothing else runs. */
const PATIENCE_MS = 20_000;
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, id) => id);

describe('the transport when the broker is in trouble', () => {
  const closers: (() => Promise<unknown>)[] = [];
  const given = async (limits: BrokerLimits = {}): Promise<Harness> => {
    const broker = await TestBroker.start(limits);
    const harness = new Harness(broker);
    closers.push(
      () => harness.cleanUp(),
      () => broker.remove(),
    );
    return harness;
  };
  /** Everything of a queue, as it comes. */
  const drain = async (uris: readonly string[], destination: string): Promise<string[]> => {
    const received: string[] = [];
    const consumer = new StompConsumer({ uris });
    consumer.subscribe({ destination, ack: 'client-individual', maxInFlight: 1 }, ({ body }) => {
      received.push(body.toString().trim());
      return Promise.resolve();
    });
    closers.unshift(() => consumer.close());
    await consumer.open(5_000);
    return received;
  };

  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  it('F-025 finds a half-open connection by its heart-beats, subscribes once more, and loses nothing', async () => {
    const harness = await given();
    const proxy = await TcpProxy.before(harness.broker.port);
    closers.push(() => proxy.close());
    const service = harness.service();
    const { destination, queue } = harness.topic();
    const handled: number[] = [];
    const subscriptions = [{ destination: queue(service), ack: 'client-individual' as const }];
    const { server } = await startService(
      { uris: [proxy.uri], service, heartbeatMs: BEAT_MS, routes: { subscriptions } },
      ({ id }: Thing) => void handled.push(id),
    );
    const client = harness.client(destination, { uris: [proxy.uri], heartbeatMs: BEAT_MS });
    await harness.emit(client, 'thing.happened', { id: 0 });
    await eventually(() => expect(handled).toEqual([0]));
    await eventually(async () => expect(await harness.browse(queue(service))).toEqual([]));

    proxy.goDead();
    // Lies in the queue for a subscriber that the broker takes for alive.
    await harness.emit(harness.client(destination), 'thing.happened', { id: 1 });
    await eventually(() => expect(server.problems).not.toEqual([]));
    await eventually(() => expect(client.isHealthy()).toBe(false));
    expect(handled).toEqual([0]);
    proxy.heal();
    await eventually(() => expect(server.problems).toEqual([]));
    await eventually(() => expect(client.isHealthy()).toBe(true));
    await harness.emit(client, 'thing.happened', { id: 2 });
    await eventually(async () => expect(await harness.browse(queue(service))).toEqual([]));
    expect(handled).toEqual([0, 1, 2]);
    expect(server.unwrap().consumer.epoch).toBe(2);
  });

  it('F-029 one slow consumer keeps no other waiting, and gets everything in the end', async () => {
    const harness = await given();
    const { destination, queue } = harness.topic();
    const gate = new Gate();
    const handled = { slow: [] as number[], quick: [] as number[] };
    for (const service of ['slow', 'quick'] as const) {
      const subscriptions = [
        { destination: queue(service), ack: 'client-individual' as const, maxInFlight: 1 },
      ];
      await startService(
        { uris: [harness.broker.uri], service, routes: { subscriptions } },
        async ({ id }: Thing) => {
          if (service === 'slow') await gate.opened;
          handled[service].push(id);
        },
      );
    }
    const client = harness.client(destination);
    await Promise.all(range(1_000).map((id) => harness.emit(client, 'thing.happened', { id })));
    await eventually(() => expect(handled.quick).toEqual(range(1_000)), PATIENCE_MS);
    expect(handled.slow).toEqual([]);
    gate.open();
    await eventually(() => expect(handled.slow).toEqual(range(1_000)), PATIENCE_MS);
  });

  const publishUntilRefused = async (
    publisher: StompPublisher,
    destination: string,
  ): Promise<{ readonly confirmed: string[]; readonly error: unknown; readonly id: number }> => {
    const confirmed: string[] = [];
    for (let id = 0; ; id++) {
      try {
        await publisher.publish({ destination, body: `${id}${' '.repeat(100_000)}` });
      } catch (error) {
        return { confirmed, error, id };
      }
      confirmed.push(String(id));
    }
  };

  /** As the relay does: whoever keeps a message tries again until it is taken. */
  const publishUntilTaken = async (
    publisher: StompPublisher,
    destination: string,
    body: string,
  ) => {
    for (let taken = false; !taken;) {
      taken = await publisher.publish({ destination, body }).then(
        () => true,
        (error: unknown) => {
          if ((error as StompError).code === 'stomp.closed') throw error;
          return false;
        },
      );
    }
  };

  it.each([
    {
      title: 'F-027 the broker has no memory left and says nothing',
      limits: { memory: '2 mb' },
      receiptTimeoutMs: 500,
      why: /store is full/,
    },
    {
      title: "F-028 the broker's disk is full and it says so",
      limits: { disk: '6 mb', silentMs: 200 },
      receiptTimeoutMs: 5_000,
      why: /Store is Full/i,
    },
  ])(
    '$title: a message is given back with the reason, and goes out when there is room again',
    async ({ limits, receiptTimeoutMs, why }) => {
      const harness = await given(limits);
      const destination = `/queue/test.${harness.service()}`;
      const publisher = harness.publisher({ receiptTimeoutMs });
      const { confirmed, error, id } = await publishUntilRefused(publisher, destination);
      expect(error).toMatchObject({ kind: 'unavailable' });
      expect((error as Error).message).toMatch(why);
      // The next try has a connection of its own, and finds no room either.
      await expect(publisher.publish({ destination, body: String(id) })).rejects.toMatchObject({
        kind: 'unavailable',
      });
      const taken = publishUntilTaken(publisher, destination, String(id));
      const received = await drain([harness.broker.uri], destination);
      await taken;
      await eventually(() => expect([...new Set(received)]).toEqual([...confirmed, String(id)]));
    },
  );

  it('F-035 goes over to the standby broker: what was prefetched comes again, and none of it ends as dead', async () => {
    const harness = await given();
    const standby = await harness.broker.standby();
    closers.push(() => standby.remove());
    const uris = [harness.broker.uri, standby.uri];
    const service = harness.service();
    const { destination, queue } = harness.topic();
    const gate = new Gate();
    const handled: number[] = [];
    const subscriptions = [
      { destination: queue(service), ack: 'client-individual' as const, maxInFlight: 1 },
    ];
    const { server } = await startService(
      { uris, service, routes: { subscriptions } },
      async ({ id }: Thing) => {
        await gate.opened;
        handled.push(id);
      },
    );
    const client = harness.client(destination, {
      uris,
      publisher: { reconnectWaitMs: 20_000 },
    });
    await Promise.all(range(30).map((id) => harness.emit(client, 'thing.happened', { id })));
    await harness.broker.kill9();
    await eventually(() => expect(server.problems).toEqual([]), PATIENCE_MS);
    gate.open();
    await harness.emit(client, 'thing.happened', { id: 30 });
    const there = new Harness(standby);
    await eventually(async () => expect(await there.browse(queue(service))).toEqual([]));
    expect([...new Set(handled)]).toEqual(range(31));
    for (const dead of ['ActiveMQ.DLQ', `DLQ.Consumer.${service}`])
      expect(await there.browse(`/queue/${dead}`)).toEqual([]);
    expect(await there.parked(service)).toEqual([]);
  });

  it('H-039 takes no more connections than it is allowed, and those it has go on', async () => {
    const harness = await given({ connections: 20 });
    const destination = `/queue/test.${harness.service()}`;
    const publisher = harness.publisher();
    await publisher.publish({ destination, body: 'before' });
    const strangers = range(40).map(() =>
      harness.publisher({ reconnect: { minMs: 60_000, maxMs: 60_000 }, connectTimeoutMs: 1_000 }),
    );
    const letIn = await Promise.all(strangers.map((stranger) => stranger.open(2_000)));
    expect(letIn.filter(Boolean).length).toBeLessThan(20);
    await publisher.publish({ destination, body: 'after' });
    expect(publisher.connected).toBe(true);
    await Promise.all(strangers.map((stranger) => stranger.close(0)));
    const received = await drain([harness.broker.uri], destination);
    await eventually(() => expect(received).toEqual(['before', 'after']));
  });

  it('H-045 a reply to no question of ours changes nothing, and the real one still comes', async () => {
    const harness = await given();
    const { destination, queue } = harness.topic();
    const gate = new Gate();
    const subscriptions = [{ destination: queue('answerer'), ack: 'client-individual' as const }];
    let asked = false;
    await startService(
      { uris: [harness.broker.uri], service: 'answerer', routes: { subscriptions } },
      async () => {
        asked = true;
        await gate.opened;
        return 'the real one';
      },
    );
    const warned: unknown[] = [];
    const client = harness.client(destination, {
      replyQueue: '/queue/replies.asker.1',
      logger: {
        log: () => undefined,
        error: () => undefined,
        warn: (message, fields) => void warned.push({ message, ...fields }),
      },
    });
    const answer = firstValueFrom(client.send('thing.asked', { id: 1 }));
    await eventually(() => expect(asked).toBe(true));
    const forged = JSON.stringify({ response: 'forged' });
    for (const correlationId of ['of-somebody-else', undefined, '__proto__'])
      await harness.publisher().publish({
        destination: '/queue/replies.asker.1',
        body: forged,
        ...(correlationId === undefined ? {} : { correlationId }),
      });
    await eventually(async () =>
      expect(await harness.browse('/queue/replies.asker.1')).toEqual([]),
    );
    await eventually(() => expect(client.strayReplies).toBe(3));
    gate.open();
    expect(await answer).toBe('the real one');
    expect(warned).toContainEqual(expect.objectContaining({ message: 'reply to no question' }));
  });
});
