import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  createLogPool,
  PostgresEventLog,
  Relay,
  type RecordedEvent,
  type StreamId,
} from '@gantry/event-log';
import { StompConsumer, StompPublisher, type MessageHandler } from '@gantry/stomp-transport';
import { anEvent, aStream } from '../../libs/event-log/test/events.js';
import { TestPostgres } from '../../libs/event-log/test/postgres.js';
import { until } from '../../libs/event-log/test/until.js';
import { TestBroker } from '../../libs/stomp-transport/test/broker.js';
import { TcpProxy } from '../../libs/stomp-transport/test/support/tcp-proxy.js';

jest.setTimeout(60_000);

const BEAT_MS = 300;
const ORDERS = '/queue/test.orders';
const ANSWERS = '/queue/test.answers';

// A real log, its relay, and a real broker, with a wire between that can go dead.
describe('the log and the broker', () => {
  let postgres: TestPostgres;
  let broker: TestBroker;
  let wire: TcpProxy;
  let url: string;
  let pool: ReturnType<typeof createLogPool>;
  let log: PostgresEventLog;
  let closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    [postgres, broker] = await Promise.all([TestPostgres.start(), TestBroker.start()]);
    wire = await TcpProxy.before(broker.port);
    url = postgres.url(await postgres.freshDatabase());
    pool = createLogPool({ url });
    log = new PostgresEventLog({ pool });
  });
  afterEach(async () => {
    for (const close of closers.reverse()) await close();
    closers = [];
  });
  afterAll(async () => {
    await pool.end();
    await wire.close();
    await Promise.all([postgres.destroy(), broker.remove()]);
  });

  const connection = (uri: string) => ({
    uris: [uri],
    heartbeatMs: BEAT_MS,
    connectTimeoutMs: 500,
    reconnect: { minMs: 20, maxMs: 200 },
  });
  const publisher = (uri: string): StompPublisher => {
    const made = new StompPublisher({ ...connection(uri), reconnectWaitMs: 300 });
    void made.open();
    closers.push(() => made.close(1_000));
    return made;
  };
  const consumer = async (
    uri: string,
    destination: string,
    handler: MessageHandler,
  ): Promise<StompConsumer> => {
    const made = new StompConsumer(connection(uri));
    made.subscribe({ destination, ack: 'client-individual' }, handler);
    closers.push(() => made.close(1_000));
    await made.open(5_000);
    return made;
  };
  /** Notes an answer in the log as services do: with the message's id in the inbox, in one transaction. */
  const note = (stream: StreamId, messageId: string): Promise<unknown> =>
    log.transact({
      streams: [stream],
      inbox: { consumer: 'orchestrator', messageId },
      work: (tx) => tx.append(stream, tx.version(stream), [anEvent()]),
    });
  const versionOf = async (stream: StreamId): Promise<number> =>
    (await log.readStream(stream)).length;

  it('F-026 a service that was blocked longer than its heart-beat gets the message again, and it counts once', async () => {
    const stream = aStream();
    const redelivered: boolean[] = [];
    const blocked = await consumer(broker.uri, ORDERS, async ({ body, redelivered: again }) => {
      redelivered.push(again);
      if (redelivered.length === 1) block(BEAT_MS * 8);
      await note(stream, body.toString());
    });
    await publisher(broker.uri).publish({ destination: ORDERS, body: 'order-1' });
    await until('it came again', () => redelivered.length > 1);
    await publisher(broker.uri).publish({ destination: ORDERS, body: 'order-2' });
    await until('the next is handled', async () => (await versionOf(stream)) === 2);
    expect(redelivered).toEqual([false, true, false]);
    expect(await versionOf(stream)).toBe(2);
    expect(blocked.epoch).toBe(2);
  });

  it('the broker is cut off from relay and log: the relay says so, nothing is lost or counts twice, and it goes on alone', async () => {
    const orders = aStream();
    const answers = aStream();
    const bus = publisher(wire.uri);
    const relay = new Relay({
      url,
      pollMs: 5,
      backoffMs: 20,
      maxBackoffMs: 200,
      publish: async (events: readonly RecordedEvent[]) => {
        const ours = events.filter(({ streamId }) => streamId === orders.id);
        await Promise.all(
          ours.map(({ eventId }) => bus.publish({ destination: ORDERS, body: eventId })),
        );
      },
    });
    relay.start();
    closers.push(() => relay.stop());
    // On the broker's side: does each order once, and answers it each time it comes.
    const done = new Set<string>();
    const reply = publisher(broker.uri);
    await consumer(broker.uri, ORDERS, async ({ body }) => {
      done.add(body.toString());
      await reply.publish({ destination: ANSWERS, body: body.toString() });
    });
    const listening = await consumer(wire.uri, ANSWERS, async ({ body }) => {
      await note(answers, body.toString());
    });
    const order = (count: number): Promise<unknown> =>
      log.transact({
        streams: [orders],
        work: (tx) =>
          tx.append(
            orders,
            tx.version(orders),
            Array.from({ length: count }, () => anEvent()),
          ),
      });

    await order(50);
    await until('the first orders are under way', () => done.size > 0);
    wire.goDead();
    await order(50);
    await until('the relay tells', () => relay.status().failures >= 3);
    expect(relay.status().lastError).toMatch(/broker|confirmed/i);
    expect(listening.problem).toBeDefined();
    wire.heal();

    await until('every answer is noted', async () => (await versionOf(answers)) === 100);
    await until('all is told', () => relay.status().failures === 0);
    await order(1);
    await until('the next is answered', async () => (await versionOf(answers)) === 101);
    expect(done.size).toBe(101);
    expect(listening.epoch).toBe(2);
  });
});

/** Nothing else happens in this process meanwhile. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
