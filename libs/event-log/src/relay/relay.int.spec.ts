import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import type { Pool } from 'pg';
import { anEvent, aStream } from '../../test/events.js';
import { TestPostgres } from '../../test/postgres.js';
import { until } from '../../test/until.js';
import {
  createLogPool,
  PostgresEventLog,
  readRelayLag,
  Relay,
  type RecordedEvent,
  type RelayOptions,
  type StreamId,
} from '../index.js';

jest.setTimeout(60_000);

describe('the relay', () => {
  let postgres: TestPostgres;
  let database: string;
  let pool: Pool;
  let log: PostgresEventLog;
  let relays: Relay[];
  beforeAll(async () => {
    postgres = await TestPostgres.start();
  });
  afterAll(() => postgres.destroy());
  beforeEach(async () => {
    database = await postgres.freshDatabase();
    pool = createLogPool({ url: postgres.url(database) });
    log = new PostgresEventLog({ pool });
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await pool.end();
  });

  const relay = (options: Omit<RelayOptions, 'url'>): Relay => {
    const made = new Relay({
      url: postgres.url(database),
      pollMs: 5,
      standbyMs: 10,
      backoffMs: 5,
      ...options,
    });
    relays.push(made);
    made.start();
    return made;
  };
  const append = async (stream: StreamId, count = 1): Promise<void> => {
    await log.transact({
      streams: [stream],
      work: (tx) =>
        tx.append(
          stream,
          tx.version(stream),
          Array.from({ length: count }, () => anEvent()),
        ),
    });
  };
  const stored = async (): Promise<readonly string[]> =>
    (await postgres.sql<{ id: string }>('SELECT event_id AS id FROM log.event', [], database)).map(
      ({ id }) => id,
    );
  const ids = (events: readonly RecordedEvent[]): ReadonlySet<string> =>
    new Set(events.map(({ eventId }) => eventId));
  const killRelayBackends = (where = 'true'): Promise<unknown> =>
    postgres.sql(
      `SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE application_name = 'gantry-relay' AND ${where}`,
    );
  const HOLDS_LOCK = `EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND locktype = 'advisory' AND granted)`;

  it('publishes what is committed in feed order, in batches, and remembers how far it came', async () => {
    const stream = aStream();
    await append(stream, 7);
    const batches: (readonly RecordedEvent[])[] = [];
    const first = relay({
      batchSize: 3,
      publish: (events) => {
        batches.push(events);
        return Promise.resolve();
      },
    });
    await until('all are published', () => first.status().published === 7);
    await first.stop();
    expect(batches.map((batch) => batch.map(({ streamVersion }) => streamVersion))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7],
    ]);
    expect(await readRelayLag(pool)).toEqual({ events: 0, oldestAgeMs: 0 });
    await append(stream);
    expect((await readRelayLag(pool)).events).toBe(1);
    const second = relay({
      publish: (events) => {
        batches.push(events);
        return Promise.resolve();
      },
    });
    await until('the new one is published', () => second.status().published > 0);
    expect(second.status()).toMatchObject({ role: 'leader', published: 1, failures: 0 });
    expect(batches.at(-1)!.map(({ streamVersion }) => streamVersion)).toEqual([8]);
  });

  it('waits for the wake-up, not for the poll', async () => {
    const published: string[] = [];
    const woken = relay({
      pollMs: 3_600_000,
      publish: (events) => {
        published.push(...ids(events));
        return Promise.resolve();
      },
    });
    await until('it leads', () => woken.status().role === 'leader');
    await append(aStream());
    woken.wake();
    await until('it has published', () => published.length === 1);
  });

  it('F-045 wake-ups are lost: what was committed is found by looking, in order, each once', async () => {
    const published: RecordedEvent[] = [];
    const deaf = relay({
      publish: (events) => {
        published.push(...events);
        return Promise.resolve();
      },
    });
    await until('it leads', () => deaf.status().role === 'leader');
    const stream = aStream();
    for (let n = 1; n <= 3; n += 1) {
      await append(stream, 2);
      await until('it is found', () => published.length === 2 * n);
    }
    expect(published.map(({ streamVersion }) => streamVersion)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('F-109 a burst, a hundred times as much on one stream: order is kept, nothing is lost, and the others go on meanwhile', async () => {
    const published: RecordedEvent[] = [];
    const flooded = aStream();
    const others = Array.from({ length: 10 }, () => aStream());
    const busy = relay({
      maxUnconfirmed: 3,
      publish: (events) => {
        published.push(...events);
        return Promise.resolve();
      },
    });
    const repeatedly = async (stream: StreamId, times: number): Promise<void> => {
      for (let n = 0; n < times; n += 1) {
        await append(stream);
        busy.wake();
      }
    };
    const writers = Array.from({ length: 10 }, () => repeatedly(flooded, 60));
    await Promise.all([...writers, ...others.map((stream) => repeatedly(stream, 6))]);
    await until('all are published', () => published.length >= 660);
    expect(published.map(({ eventId }) => eventId).sort()).toEqual([...(await stored())].sort());
    for (const { id } of [flooded, ...others]) {
      const versions = published.filter((e) => e.streamId === id).map((e) => e.streamVersion);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    }
    const last = (wanted: (id: string) => boolean) =>
      published.findLastIndex(({ streamId }) => wanted(streamId));
    expect(last((id) => id !== flooded.id)).toBeLessThan(last((id) => id === flooded.id));
  });

  it('does not move the checkpoint before publish has resolved, and publishes a failed batch again, whole', async () => {
    await append(aStream(), 5);
    const tries: number[] = [];
    const errors: unknown[] = [];
    const stubborn = relay({
      publish: async (events) => {
        tries.push(events.length);
        expect((await readRelayLag(pool)).events).toBe(5);
        if (tries.length < 4) throw new Error('broker is down');
      },
      onError: (error) => errors.push(error),
    });
    await until('it is published', () => stubborn.status().published === 5);
    expect(tries).toEqual([5, 5, 5, 5]);
    expect(errors).toHaveLength(3);
    await until('the checkpoint has moved', async () => (await readRelayLag(pool)).events === 0);
    await until('it is healthy again', () => stubborn.status().failures === 0);
  });

  it('hands further batches on before the first is confirmed, when told to, and repeats all of them after a failure', async () => {
    await append(aStream(), 3);
    const calls: { readonly version: number; confirm(): void; fail(): void }[] = [];
    const ahead = relay({
      batchSize: 1,
      maxUnconfirmed: 2,
      publish: (events) =>
        new Promise((resolve, reject) =>
          calls.push({
            version: events[0]!.streamVersion,
            confirm: resolve,
            fail: () => reject(new Error('cut off')),
          }),
        ),
    });
    await until('two are on their way', () => calls.length === 2);
    calls[1]!.confirm();
    await append(aStream());
    ahead.wake();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls.map(({ version }) => version)).toEqual([1, 2]);
    expect((await readRelayLag(pool)).events).toBe(4);
    calls[0]!.fail();
    await until('both come again', () => calls.length === 4);
    expect(calls.map(({ version }) => version)).toEqual([1, 2, 1, 2]);
    calls[2]!.confirm();
    await until('the next is handed on', () => calls.length === 5);
    await until(
      'the checkpoint is at the first',
      async () => (await readRelayLag(pool)).events === 3,
    );
    calls[3]!.confirm();
    calls[4]!.confirm();
    await until('the last is handed on', () => calls.length === 6);
    calls[5]!.confirm();
    await until('all are confirmed', async () => (await readRelayLag(pool)).events === 0);
    expect(ahead.status()).toMatchObject({ published: 4, failures: 0 });
  });

  it('shows failures while nothing gets out', async () => {
    await append(aStream());
    const broken = relay({ publish: () => Promise.reject(new Error('no broker')) });
    await until('it has failed twice', () => broken.status().failures >= 2);
    expect(broken.status()).toMatchObject({ published: 0, lastError: 'no broker' });
    expect((await readRelayLag(pool)).oldestAgeMs).toBeGreaterThan(0);
  });

  it('lets one candidate lead; another takes over when it stops', async () => {
    const seen: Record<string, number> = { a: 0, b: 0 };
    const candidate = (name: string): Relay =>
      relay({
        publish: (events) => {
          seen[name]! += events.length;
          return Promise.resolve();
        },
      });
    const a = candidate('a');
    await until('a leads', () => a.status().role === 'leader');
    const b = candidate('b');
    await until('b stands by', () => b.status().role === 'standby');
    await append(aStream());
    await until('a has published', () => seen['a'] === 1);
    await a.stop();
    await append(aStream());
    await until('b has published', () => seen['b'] === 1);
    expect(seen).toEqual({ a: 1, b: 1 });
  });

  it('loses nothing and keeps order while leaders are killed, over and over, under load', async () => {
    const streams = Array.from({ length: 8 }, () => aStream());
    const received: RecordedEvent[] = [];
    const make = (): Relay =>
      relay({
        batchSize: 20,
        publish: async (events) => {
          for (const event of events) {
            await new Promise((resolve) => setImmediate(resolve));
            received.push(event);
          }
        },
      });
    const candidates = [make(), make(), make()];
    let appended = 0;
    const writers = Promise.all(
      streams.map(async (stream) => {
        for (let n = 0; n < 60; n += 1) {
          await append(stream, 1 + (n % 3));
          appended += 1;
        }
      }),
    );
    for (let kills = 1; kills <= 6; kills += 1) {
      const floor = received.length;
      await until('events flow', () => received.length > floor || appended === 480);
      await killRelayBackends(HOLDS_LOCK);
    }
    await writers;
    const all = await stored();
    await until('everything has arrived', () => ids(received).size >= all.length);
    expect([...ids(received)].sort()).toEqual([...all].sort());
    // As an idempotent consumer sees it: whatever is not a repetition is exactly the next version.
    const heads = new Map<string, number>();
    for (const { streamId, streamVersion } of received) {
      const head = heads.get(streamId) ?? 0;
      if (streamVersion <= head) continue;
      expect(streamVersion).toBe(head + 1);
      heads.set(streamId, streamVersion);
    }
    expect(candidates.filter((one) => one.status().role === 'leader').length).toBeLessThanOrEqual(
      1,
    );
  });

  it('comes back by itself after a restart of Postgres', async () => {
    const received: RecordedEvent[] = [];
    const steady = relay({
      publish: (events) => {
        received.push(...events);
        return Promise.resolve();
      },
    });
    await append(aStream());
    await until('it works', () => received.length === 1);
    postgres.restart('immediate');
    await until('the log is back', () =>
      append(aStream()).then(
        () => true,
        () => false,
      ),
    );
    await until('the next one is published', () => ids(received).size === 2);
    expect(steady.status().role).toBe('leader');
  });
});
