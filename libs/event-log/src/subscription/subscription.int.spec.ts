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
import { CreateCounters1764000000001 } from '../../test/tables.js';
import { until } from '../../test/until.js';
import {
  createLogPool,
  logMigrations,
  PostgresEventLog,
  rebuildProjection,
  subscribe,
  Subscription,
  type ProjectionHandler,
  type RecordedEvent,
  type StreamId,
} from '../index.js';

jest.setTimeout(60_000);

/** Counts events per stream and fails on a version that does not follow. */
const countInto =
  (table: string): ProjectionHandler<RecordedEvent> =>
  async (batch, tx) => {
    for (const event of batch) {
      const rows = await tx.query<{ last_version: number }>(
        `INSERT INTO ${table} AS c VALUES ($1, 1, $2) ON CONFLICT (stream)
         DO UPDATE SET events = c.events + 1, last_version = excluded.last_version
         WHERE c.last_version = excluded.last_version - 1 RETURNING last_version`,
        [event.streamId, event.streamVersion],
      );
      if (rows.length === 0) throw new Error(`version ${event.streamVersion} does not follow`);
    }
  };

describe('a subscription', () => {
  let postgres: TestPostgres;
  let database: string;
  let pool: Pool;
  let log: PostgresEventLog;
  let streams: readonly StreamId[];
  let subscriptions: Subscription[];
  beforeAll(async () => {
    postgres = await TestPostgres.start([...logMigrations, CreateCounters1764000000001]);
  });
  afterAll(() => postgres.destroy());
  beforeEach(async () => {
    database = await postgres.freshDatabase();
    pool = createLogPool({ url: postgres.url(database), maxConnections: 24 });
    log = new PostgresEventLog({ pool });
    streams = Array.from({ length: 5 }, () => aStream());
    subscriptions = [];
  });
  afterEach(async () => {
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    await pool.end();
  });

  const append = async (stream: StreamId, times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      await log.transact({
        streams: [stream],
        work: (tx) => tx.append(stream, tx.version(stream), [anEvent(), anEvent()]),
      });
    }
  };
  const counted = async (table = 'app.counter'): Promise<readonly unknown[]> =>
    postgres.sql(`SELECT stream, events, last_version FROM ${table} ORDER BY stream`, [], database);
  const expected = (events: number): readonly unknown[] =>
    streams
      .map(({ id }) => ({ stream: id, events, last_version: events }))
      .sort((a, b) => (a.stream < b.stream ? -1 : 1));
  const caughtUp = async (total: number): Promise<boolean> => {
    const rows = await postgres.sql<{ n: number }>(
      'SELECT coalesce(sum(events), 0)::int n FROM app.counter',
      [],
      database,
    );
    return rows[0]!.n === total;
  };
  const run = (
    options: Partial<ConstructorParameters<typeof Subscription>[0]> = {},
  ): Subscription => {
    const made = subscribe({
      pool,
      name: 'counters',
      handler: countInto('app.counter'),
      batchSize: 7,
      pollMs: 5,
      retryMs: 5,
      ...options,
    });
    subscriptions.push(made);
    return made;
  };

  it('gives every event to its projection exactly once in effect, also when two run and one fails now and then', async () => {
    let calls = 0;
    const flaky: ProjectionHandler<RecordedEvent> = async (batch, tx) => {
      await countInto('app.counter')(batch, tx);
      calls += 1;
      if (calls % 3 === 0) throw new Error('hiccup after writing');
    };
    run({ handler: flaky });
    run({ handler: flaky });
    await Promise.all(streams.map((stream) => append(stream, 20)));
    await until('all are counted', () => caughtUp(200));
    expect(await counted()).toEqual(expected(40));
    expect(calls).toBeGreaterThan(3);
  });

  it('goes on where it stopped', async () => {
    await Promise.all(streams.map((stream) => append(stream, 3)));
    const first = run();
    await until('the first part is counted', () => caughtUp(30));
    await first.stop();
    await Promise.all(streams.map((stream) => append(stream, 2)));
    const second = run();
    await until('the rest is counted', () => caughtUp(50));
    await until('its status shows it', () => second.status().handled === 20);
    expect(await counted()).toEqual(expected(10));
  });

  it('stops at an event it cannot handle, says so, and skips nothing', async () => {
    await append(streams[0]!, 3);
    const errors: unknown[] = [];
    let fixed = false;
    const picky = run({
      batchSize: 1,
      handler: async (batch, tx) => {
        if (!fixed && batch[0]!.streamVersion === 4) throw new Error('cannot handle version 4');
        await countInto('app.counter')(batch, tx);
      },
      onError: (error) => errors.push(error),
    });
    await until('it has failed more than once', () => errors.length > 1);
    expect(picky.status()).toMatchObject({ handled: 3, lastError: 'cannot handle version 4' });
    expect(await caughtUp(3)).toBe(true);
    fixed = true;
    await until('the rest is counted', () => caughtUp(6));
  });

  it('rebuilds beside the living projection while events come in, and switches over in one step', async () => {
    await Promise.all(streams.map((stream) => append(stream, 10)));
    run();
    await until('history is counted', () => caughtUp(100));
    await postgres.sql('UPDATE app.counter SET events = events + 1000', [], database);
    const writing = Promise.all(streams.map((stream) => append(stream, 15)));
    const handled = await rebuildProjection({
      pool,
      name: 'counters',
      batchSize: 10,
      prepare: async (tx) => {
        await tx.query('DROP TABLE IF EXISTS app.counter_new');
        await tx.query('CREATE TABLE app.counter_new (LIKE app.counter INCLUDING ALL)');
      },
      handler: countInto('app.counter_new'),
      switchOver: async (tx) => {
        await tx.query('DROP TABLE app.counter');
        await tx.query('ALTER TABLE app.counter_new RENAME TO counter');
      },
    });
    expect(handled).toBeGreaterThanOrEqual(100);
    await writing;
    await until('everything is counted', () => caughtUp(250));
    expect(await counted()).toEqual(expected(50));
  });

  it('a rebuild that fails leaves the living projection alone', async () => {
    await append(streams[0]!, 2);
    run();
    await until('history is counted', () => caughtUp(4));
    const failed = rebuildProjection({
      pool,
      name: 'counters',
      prepare: () => Promise.resolve(),
      handler: () => Promise.reject(new Error('new code is broken')),
      switchOver: (tx) => tx.query('DROP TABLE app.counter').then(() => undefined),
    });
    await expect(failed).rejects.toThrow('new code is broken');
    await append(streams[0]!, 1);
    await until('it goes on', () => caughtUp(6));
  });
});
