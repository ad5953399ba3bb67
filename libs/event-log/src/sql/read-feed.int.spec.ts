import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Pool } from 'pg';
import { anEvent, aStream } from '../../test/events.js';
import { TestPostgres } from '../../test/postgres.js';
import {
  compareCursors,
  createLogPool,
  PostgresEventLog,
  type FeedCursor,
  type RecordedEvent,
} from '../index.js';

jest.setTimeout(60_000);

describe('the feed while writers dawdle', () => {
  let postgres: TestPostgres;
  let database: string;
  let pool: Pool;
  let log: PostgresEventLog;
  beforeAll(async () => {
    postgres = await TestPostgres.start();
    database = await postgres.freshDatabase();
    pool = createLogPool({ url: postgres.url(database), maxConnections: 24 });
    log = new PostgresEventLog({ pool });
  });
  afterAll(async () => {
    await pool.end();
    await postgres.destroy();
  });

  /** Reads along until told that no more will come, with one query after the last commit. */
  const follow = async (
    limit: number,
    ended: () => boolean,
  ): Promise<{ events: RecordedEvent[]; naiveMisses: number }> => {
    const events: RecordedEvent[] = [];
    let cursor: FeedCursor | undefined;
    let highest = 0n;
    let naiveMisses = 0;
    for (;;) {
      const last = ended();
      const batch = await log.readFeed(cursor, limit);
      for (const event of batch) {
        // A reader that remembered the highest position only would never have asked for this one.
        if (BigInt(event.position) < highest) naiveMisses += 1;
        else highest = BigInt(event.position);
      }
      events.push(...batch);
      cursor = batch.at(-1)?.cursor ?? cursor;
      if (batch.length === 0 && last) return { events, naiveMisses };
      if (batch.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };

  it('F-043 loses nothing and keeps every stream in order: 16 writers that wait, roll back and get killed, 4 readers', async () => {
    const streams = Array.from({ length: 6 }, () => aStream());
    let writing = true;
    const writer = async (index: number): Promise<void> => {
      for (let n = 0; n < 40; n += 1) {
        const stream = streams[(index + n) % streams.length]!;
        await log
          .transact({
            streams: [stream],
            inbox: { consumer: 'w', messageId: `${index}-${n}` },
            work: async (tx) => {
              // The inbox row has given the transaction its number; positions are taken here, and now it dawdles.
              await tx.append(
                stream,
                tx.version(stream),
                n % 3 === 0 ? [anEvent(), anEvent()] : [anEvent()],
              );
              await tx.load(stream, tx.version(stream));
              if (n % 4 === 0) await tx.query('SELECT pg_sleep($1)', [((index * n) % 7) / 200]);
              if (n % 9 === 8) throw new Error('changed its mind');
              if (n % 13 === 12) await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
            },
          })
          .catch(() => undefined);
      }
    };
    const readers = [7, 50, 300, 1000].map((limit) => follow(limit, () => !writing));
    await Promise.all(Array.from({ length: 16 }, (_, index) => writer(index)));
    writing = false;
    const stored = await postgres.sql<{ event_id: string }>(
      'SELECT event_id FROM log.event',
      [],
      database,
    );
    expect(stored.length).toBeGreaterThan(400);
    const expected = stored.map((row) => row.event_id).sort();
    for (const { events } of await Promise.all(readers)) {
      expect(events.map(({ eventId }) => eventId).sort()).toEqual(expected);
      const heads = new Map<string, number>();
      for (const [index, event] of events.entries()) {
        expect(event.streamVersion).toBe((heads.get(event.streamId) ?? 0) + 1);
        heads.set(event.streamId, event.streamVersion);
        if (index > 0) {
          expect(compareCursors(events[index - 1]!.cursor, event.cursor)).toBeLessThan(0);
        }
      }
    }
  });

  it('gives events in an order that positions alone do not have, so a reader by position would have lost some', async () => {
    const [slow, quick] = [aStream(), aStream()];
    const start = (await log.readFeed(undefined, 100_000)).at(-1)?.cursor;
    // `slow` gets its transaction number first and its position last.
    await log.transact({
      streams: [slow],
      work: async (tx) => {
        await tx.query('SELECT pg_current_xact_id()');
        await log.transact({
          streams: [quick],
          work: (other) => other.append(quick, 0, [anEvent()]),
        });
        expect(await log.readFeed(start, 10)).toEqual([]);
        await tx.append(slow, 0, [anEvent()]);
      },
    });
    const events = await log.readFeed(start, 10);
    expect(events.map(({ streamId }) => streamId)).toEqual([slow.id, quick.id]);
    expect(BigInt(events[0]!.position)).toBeGreaterThan(BigInt(events[1]!.position));
  });
});
