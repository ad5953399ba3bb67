import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { CuttingProxy } from '../../test/cutting-proxy.js';
import { anEvent, aStream } from '../../test/events.js';
import { TestPostgres } from '../../test/postgres.js';
import { until } from '../../test/until.js';
import {
  CommitUnknownError,
  createLogPool,
  LogUnavailableError,
  PostgresEventLog,
  type TransactionInput,
  urgently,
} from '../index.js';

jest.setTimeout(60_000);

describe('when connections are lost', () => {
  let postgres: TestPostgres;
  let proxy: CuttingProxy;
  let database: string;
  let pool: Pool;
  let log: PostgresEventLog;
  beforeAll(async () => {
    postgres = await TestPostgres.start();
    database = await postgres.freshDatabase();
    proxy = await CuttingProxy.start(postgres.port);
    pool = createLogPool({
      url: `postgresql://postgres@127.0.0.1:${proxy.port}/${database}`,
      idleInTransactionTimeoutMs: 400,
      lockTimeoutMs: 300,
      answerTimeoutMs: 5_000,
    });
    log = new PostgresEventLog({ pool });
  });
  afterAll(async () => {
    await pool.end();
    await proxy.stop();
    await postgres.destroy();
  });

  const once = (): TransactionInput<void> & { eventId: string } => {
    const stream = aStream();
    const event = anEvent();
    return {
      streams: [stream],
      inbox: { consumer: 'c', messageId: randomUUID() },
      work: (tx) => tx.append(stream, 0, [event]),
      eventId: event.eventId,
    };
  };
  const rows = async (): Promise<number> =>
    (await postgres.sql<{ n: number }>('SELECT count(*)::int n FROM log.event', [], database))[0]!
      .n;

  it('F-038 says that a commit whose answer was lost is unknown, and the same message tells: 40 times, none lost or doubled', async () => {
    const before = await rows();
    for (let n = 0; n < 40; n += 1) {
      const input = once();
      proxy.cut = 'after-commit';
      await expect(log.transact(input)).rejects.toThrow(CommitUnknownError);
      proxy.cut = 'never';
      expect(await log.transact(input)).toEqual({ outcome: 'duplicate' });
      expect(await log.findEvent(input.eventId)).toMatchObject({ streamVersion: 1 });
    }
    expect(await rows()).toBe(before + 40);
  });

  it('F-038 says the same when the commit never arrived; asking again then does the work', async () => {
    const before = await rows();
    for (let n = 0; n < 10; n += 1) {
      const input = once();
      proxy.cut = 'before-commit';
      await expect(log.transact(input)).rejects.toThrow(CommitUnknownError);
      proxy.cut = 'never';
      expect(await log.findEvent(input.eventId)).toBeUndefined();
      expect(await log.transact(input)).toMatchObject({ outcome: 'committed' });
    }
    expect(await rows()).toBe(before + 10);
  });

  it('without an inbox, the same event ids make asking again harmless', async () => {
    const { inbox: _, ...input } = once();
    proxy.cut = 'after-commit';
    await expect(log.transact(input)).rejects.toThrow(CommitUnknownError);
    proxy.cut = 'never';
    expect(await log.transact(input)).toMatchObject({ outcome: 'committed' });
    expect(await log.readStream(input.streams[0]!)).toHaveLength(1);
  });

  it('gives up on a server that has fallen silent', async () => {
    const input = once();
    proxy.cut = 'silent';
    await expect(log.transact(input)).rejects.toThrow(CommitUnknownError);
    proxy.cut = 'never';
    expect(await log.transact(input)).toMatchObject({ outcome: 'committed' });
  });

  it('fails a statement whose value cannot be sent, and harms nothing that travels with it', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const outcome = await log.transact({
      streams: [],
      work: async (tx) => {
        const [bad, good] = await Promise.allSettled([
          tx.query('SELECT $1::jsonb AS v', [cycle]),
          tx.query<{ v: unknown }>('SELECT $1::jsonb AS v', [{ a: [1] }]),
        ]);
        return [bad.status, good.status === 'fulfilled' && good.value[0]!.v];
      },
    });
    expect(outcome).toMatchObject({ value: ['rejected', { a: [1] }] });
  });

  it('prepares statements anew that a failed batch had not reached', async () => {
    const sql = 'SELECT 40 + 2 AS never_seen_before';
    const failed = log.transact({
      streams: [],
      work: (tx) => Promise.all([tx.query('SELECT 1 / 0'), tx.query(sql)]),
    });
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    const rows = log.transact({ streams: [], work: (tx) => tx.query(sql) });
    await expect(rows).resolves.toMatchObject({ value: [{ never_seen_before: 42 }] });
  });

  it('reports a backend that was terminated during the work, and goes on with another connection', async () => {
    const stream = aStream();
    const killed = log.transact({
      streams: [stream],
      work: async (tx) => {
        const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await postgres.sql('SELECT pg_terminate_backend($1)', [row!.pid]);
        await tx.query('SELECT 1');
      },
    });
    await expect(killed).rejects.toThrow(LogUnavailableError);
    expect(await log.transact(once())).toMatchObject({ outcome: 'committed' });
  });

  it('ends a transaction that does nothing, so that it holds nobody back', async () => {
    const input = once();
    const stream = input.streams[0]!;
    const idle = log.transact({
      streams: [stream],
      work: async (tx) => {
        await until('the server has ended the idle transaction', async () => {
          const [row] = await postgres.sql<{ n: number }>(
            `SELECT count(*)::int n FROM pg_stat_activity WHERE datname = $1 AND state LIKE 'idle in transaction%'`,
            [database],
          );
          return row!.n === 0;
        });
        await tx.append(stream, 0, [anEvent()]);
      },
    });
    await expect(idle).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await log.transact(input)).toMatchObject({ outcome: 'committed' });
  });

  it('F-044 does not wait for a stream for ever', async () => {
    const stream = aStream();
    const holding = { begun: false, over: false };
    const holder = log.transact({
      streams: [stream],
      work: async (tx) => {
        holding.begun = true;
        // Busy all the time, or the server would end it as idle.
        while (!holding.over) await tx.query('SELECT 1');
      },
    });
    await until('the stream is held', () => holding.begun);
    await expect(
      log.transact({ streams: [stream], work: () => Promise.resolve() }),
    ).rejects.toMatchObject({ kind: 'unavailable', details: { code: '55P03' } });
    holding.over = true;
    await holder;
    expect(await log.transact({ streams: [stream], work: () => Promise.resolve(7) })).toMatchObject(
      {
        value: 7,
      },
    );
  });

  it.each(['fast', 'immediate'] as const)(
    'F-036 comes through a %s restart of Postgres: 8 writers that ask again lose and double nothing',
    async (mode) => {
      const streams = Array.from({ length: 8 }, () => aStream());
      const errors: unknown[] = [];
      let restarted = false;
      let done = 0;
      const writer = async (index: number): Promise<number> => {
        const stream = streams[index]!;
        let version = 0;
        for (let after = 0; after < 5;) {
          const event = anEvent();
          for (let acknowledged = false; !acknowledged;) {
            try {
              await log.transact({
                streams: [stream],
                work: (tx) => tx.append(stream, version, [event]),
              });
              acknowledged = true;
            } catch (error) {
              errors.push(error);
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
          }
          version += 1;
          done += 1;
          if (restarted) after += 1;
        }
        return version;
      };
      const writers = streams.map((_, index) => writer(index));
      await until('writers are at work', () => done > 40);
      postgres.restart(mode);
      restarted = true;
      const versions = await Promise.all(writers);
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) expect(error).toMatchObject({ kind: 'unavailable' });
      for (const [index, stream] of streams.entries()) {
        const stored = await log.readStream(stream);
        expect(stored.map((event) => event.streamVersion)).toEqual(
          Array.from({ length: versions[index]! }, (_, n) => n + 1),
        );
      }
    },
  );

  it('a statement that failed and was ignored by the work still undoes the transaction', async () => {
    const stream = aStream();
    for (const events of [[], [anEvent()]]) {
      const swallowed = log.transact({
        streams: [stream],
        work: async (tx) => {
          await tx.query('SELECT 1 / 0').catch(() => undefined);
          await tx.append(stream, 0, events);
        },
      });
      await expect(swallowed).rejects.toMatchObject({ code: 'log.transaction-closed' });
    }
    expect(await log.readStream(stream)).toEqual([]);
  });

  it("leaves errors of the caller's own SQL as they are", async () => {
    const work = log.transact({
      streams: [],
      work: (tx) => tx.query('SELECT 1 / $1::int', [0]),
    });
    await expect(work).rejects.toMatchObject({ code: '22012' });
  });

  it('F-050 urgent work gets a connection when none is free for other work, and the pool ends with its reserve', async () => {
    const laned = createLogPool({
      url: postgres.url(database),
      applicationName: 'laned',
      maxConnections: 1,
      reservedConnections: 1,
    });
    const taken = await laned.connect();
    let ordinary = false;
    const waits = laned.query('SELECT 1').then(() => (ordinary = true));
    const logOnIt = new PostgresEventLog({ pool: laned });
    expect((await urgently(() => laned.query('SELECT 1 AS n'))).rows).toEqual([{ n: 1 }]);
    expect(await urgently(() => logOnIt.transact(once()))).toMatchObject({ outcome: 'committed' });
    expect(ordinary).toBe(false);
    taken.release();
    await waits;
    await laned.end();
    const left = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'laned'";
    await until('its connections are gone', async () => (await postgres.sql(left)).length === 0);
  });
});
