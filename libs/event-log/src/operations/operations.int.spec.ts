import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Pool } from 'pg';
import { anEvent, aStream } from '../../test/events.js';
import { TestPostgres } from '../../test/postgres.js';
import {
  assertSafeDatabase,
  createLogPool,
  ensureServiceRole,
  PostgresEventLog,
  readRelayLag,
  rebaseRestoredLog,
  verifyAll,
} from '../index.js';

jest.setTimeout(60_000);

describe('operations', () => {
  let postgres: TestPostgres;
  let database: string;
  let url: string;
  const pools: Pool[] = [];
  beforeAll(async () => {
    postgres = await TestPostgres.start();
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await postgres.destroy();
  });
  beforeEach(async () => {
    database = await postgres.freshDatabase();
    url = postgres.url(database);
  });
  const poolOf = (role: string): Pool => {
    const pool = createLogPool({ url: postgres.url(database, role) });
    pools.push(pool);
    return pool;
  };

  describe('a service role', () => {
    it('appends and is safe; making it again changes only its password', async () => {
      const role = { url, role: 'orchestrator "x"', password: `it's` };
      await ensureServiceRole(role);
      await ensureServiceRole({ ...role, password: 'another' });
      const pool = poolOf(encodeURIComponent(role.role));
      await assertSafeDatabase(pool);
      const stream = aStream();
      const log = new PostgresEventLog({ pool });
      await log.transact({ streams: [stream], work: (tx) => tx.append(stream, 0, [anEvent()]) });
      expect(await log.readStream(stream)).toHaveLength(1);
    });
  });

  describe('a dump restored into a younger cluster', () => {
    /** Three streams; transaction numbers as another cluster would have left them, feed order unlike position order. */
    const history = async (): Promise<void> => {
      const log = new PostgresEventLog({ pool: poolOf('postgres') });
      for (const stream of [aStream('a'), aStream('b'), aStream('c')]) {
        for (let version = 0; version < 2; version += 1) {
          await log.transact({
            streams: [stream],
            work: (tx) => tx.append(stream, version, [anEvent()]),
          });
        }
      }
      await postgres.sql(
        `ALTER TABLE log.event DISABLE TRIGGER event_is_append_only;
         UPDATE log.event SET xid = CASE stream_type WHEN 'a' THEN 900000003 WHEN 'b' THEN 900000001 ELSE 900000002 END::text::xid8;
         ALTER TABLE log.event ENABLE ALWAYS TRIGGER event_is_append_only`,
        [],
        database,
      );
    };
    const checkpoint = (table: string, name: string, streamType: string): Promise<unknown> =>
      postgres.sql(
        `INSERT INTO log.${table}_checkpoint SELECT $1, xid, position FROM log.event
         WHERE stream_type = $2 ORDER BY position DESC LIMIT 1`,
        [name, streamType],
        database,
      );

    it('is invisible and refused, then readable, intact and accepted', async () => {
      await history();
      const pool = poolOf('postgres');
      const log = new PostgresEventLog({ pool });
      const check = (): Promise<void> => assertSafeDatabase(pool, { allow: ['superuser'] });
      expect(await log.readFeed(undefined, 100)).toEqual([]);
      await expect(check()).rejects.toThrow(/Run rebaseRestoredLog/);
      expect(await rebaseRestoredLog({ url })).toEqual({ events: 6, forgotten: [] });
      await check();
      const feed = await log.readFeed(undefined, 100);
      expect(feed.map((event) => `${event.streamType}${event.streamVersion}`)).toEqual([
        'a1',
        'a2',
        'b1',
        'b2',
        'c1',
        'c2',
      ]);
      expect(await verifyAll(pool)).toEqual({ intact: true, checked: 6 });
      expect(await rebaseRestoredLog({ url })).toEqual({ events: 0, forgotten: [] });
      await expect(postgres.sql('DELETE FROM log.event', [], database)).rejects.toThrow(
        /append-only/,
      );
    });

    it('lets a relay that was behind repeat rather than lose', async () => {
      await history();
      await checkpoint('relay', 'done', 'a');
      await checkpoint('relay', 'behind', 'b');
      await rebaseRestoredLog({ url });
      const pool = poolOf('postgres');
      expect((await readRelayLag(pool, 'done')).events).toBe(0);
      // "b" was published, "c" and "a" were not; "a" has the lowest positions, so "b" comes again.
      expect((await readRelayLag(pool, 'behind')).events).toBe(6);
    });

    it('asks before it forgets a subscription that was behind', async () => {
      await history();
      await checkpoint('subscription', 'done', 'a');
      await checkpoint('subscription', 'behind', 'b');
      await expect(rebaseRestoredLog({ url })).rejects.toThrow(
        /Subscriptions behind had not caught up/,
      );
      expect(
        await new PostgresEventLog({ pool: poolOf('postgres') }).readFeed(undefined, 9),
      ).toEqual([]);
      expect(await rebaseRestoredLog({ url, rebuild: ['behind'] })).toEqual({
        events: 6,
        forgotten: ['behind'],
      });
      const left = await postgres.sql<{ name: string }>(
        'SELECT name FROM log.subscription_checkpoint',
        [],
        database,
      );
      expect(left).toEqual([{ name: 'done' }]);
    });
  });
});
