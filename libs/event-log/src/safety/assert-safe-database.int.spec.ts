import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Pool } from 'pg';
import { anEvent, aStream } from '../../test/events.js';
import { TestPostgres } from '../../test/postgres.js';
import {
  assertSafeDatabase,
  createLogPool,
  logMigrations,
  PostgresEventLog,
  UnsafeDatabaseError,
} from '../index.js';

jest.setTimeout(60_000);

describe('a database and role for the log', () => {
  let postgres: TestPostgres;
  let database: string;
  const pools: Pool[] = [];
  beforeAll(async () => {
    postgres = await TestPostgres.start();
    database = await postgres.freshDatabase();
    await postgres.sql('CREATE ROLE app LOGIN IN ROLE gantry_log_writer');
    await postgres.sql('CREATE ROLE reader LOGIN IN ROLE gantry_log_reader');
    await postgres.sql('CREATE ROLE stranger LOGIN');
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await postgres.destroy();
  });
  const poolOf = (role: string, name = database): Pool => {
    const pool = createLogPool({ url: postgres.url(name, role) });
    pools.push(pool);
    return pool;
  };
  const reasons = async (pool: Pool, options = {}): Promise<unknown> => {
    try {
      await assertSafeDatabase(pool, options);
    } catch (error) {
      expect(error).toBeInstanceOf(UnsafeDatabaseError);
      return (error as UnsafeDatabaseError).details['reasons'];
    }
    return [];
  };

  describe('is append-only', () => {
    const REWRITES = [
      `UPDATE log.event SET type = 'x'`,
      'DELETE FROM log.event',
      'TRUNCATE log.event',
      `UPDATE log.event SET type = 'x' WHERE false`,
    ];
    it.each(REWRITES)('for the role that writes: %s', async (sql) => {
      const pool = poolOf('app');
      const stream = aStream();
      await new PostgresEventLog({ pool }).transact({
        streams: [stream],
        work: (tx) => tx.append(stream, 0, [anEvent()]),
      });
      await expect(pool.query(sql)).rejects.toThrow(/permission denied/);
    });
    it.each(REWRITES)('for a superuser: %s', async (sql) => {
      await expect(postgres.sql(sql, [], database)).rejects.toThrow(/append-only/);
    });
    it('for a superuser who silences ordinary triggers', async () => {
      await expect(
        postgres.sql(`SET session_replication_role = replica; DELETE FROM log.event`, [], database),
      ).rejects.toThrow(/append-only/);
    });
    it('the reader reads and writes nothing', async () => {
      const pool = poolOf('reader');
      await expect(pool.query('SELECT count(*) FROM log.event')).resolves.toBeDefined();
      await expect(pool.query(`INSERT INTO log.inbox VALUES ('a', 'b')`)).rejects.toThrow(
        /permission denied/,
      );
    });
  });

  describe('is refused at start-up', () => {
    it('not when everything is as it should be', async () => {
      expect(await reasons(poolOf('app'))).toEqual([]);
    });

    it('when the role is a superuser or the owner, unless that is allowed', async () => {
      expect(await reasons(poolOf('postgres'))).toEqual(['superuser']);
      expect(await reasons(poolOf('postgres'), { allow: ['superuser'] })).toEqual([]);
      const owned = await postgres.freshDatabase();
      await postgres.sql('CREATE ROLE boss LOGIN');
      await postgres.sql('ALTER TABLE log.event OWNER TO boss', [], owned);
      await postgres.sql('GRANT gantry_log_writer TO boss');
      expect(await reasons(poolOf('boss', owned))).toEqual(['owner']);
    });

    it.each(['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'UPDATE (data)'])(
      'when the role was granted %s',
      async (right) => {
        const name = await postgres.freshDatabase();
        await postgres.sql(`GRANT ${right} ON log.event TO app`, [], name);
        expect(await reasons(poolOf('app', name))).toEqual(['may-rewrite']);
      },
    );

    it('when the role may not append', async () => {
      expect(await reasons(poolOf('reader'))).toEqual(['cannot-append']);
      expect(await reasons(poolOf('stranger'))).toEqual(['schema']);
    });

    it('when the append-only trigger is off', async () => {
      const name = await postgres.freshDatabase();
      for (const how of ['DISABLE', 'ENABLE']) {
        await postgres.sql(`ALTER TABLE log.event ${how} TRIGGER event_is_append_only`, [], name);
        expect(await reasons(poolOf('app', name))).toEqual(['append-only-off']);
      }
    });

    it('when there is no log, or not the one this program knows', async () => {
      expect(await reasons(poolOf('app', await postgres.emptyDatabase()))).toEqual(['schema']);
      const name = await postgres.freshDatabase();
      class Later1999999999999 {
        up = (): Promise<void> => Promise.resolve();
        down = (): Promise<void> => Promise.resolve();
      }
      const migrations = [...logMigrations, Later1999999999999];
      await expect(assertSafeDatabase(poolOf('app', name), { migrations })).rejects.toThrow(
        /lacks Later1999999999999/,
      );
      await postgres.sql(
        `INSERT INTO log.schema_migration (timestamp, name) VALUES (1, 'ShardEventLog1999999999999')`,
        [],
        name,
      );
      await expect(assertSafeDatabase(poolOf('app', name))).rejects.toThrow(/does not know/);
    });

    it('when history lies in its own future', async () => {
      const name = await postgres.freshDatabase();
      const pool = poolOf('app', name);
      const stream = aStream();
      await new PostgresEventLog({ pool }).transact({
        streams: [stream],
        work: (tx) => tx.append(stream, 0, [anEvent()]),
      });
      expect(await reasons(pool)).toEqual([]);
      await postgres.sql(
        `ALTER TABLE log.event DISABLE TRIGGER event_is_append_only;
         UPDATE log.event SET xid = '999999999';
         ALTER TABLE log.event ENABLE ALWAYS TRIGGER event_is_append_only`,
        [],
        name,
      );
      expect(await reasons(pool)).toEqual(['history-in-future']);
    });

    it('when synchronous_commit is off for this role', async () => {
      await postgres.sql('CREATE ROLE hasty LOGIN IN ROLE gantry_log_writer');
      await postgres.sql('ALTER ROLE hasty SET synchronous_commit = off');
      await expect(assertSafeDatabase(poolOf('hasty'))).rejects.toThrow(
        /synchronous_commit is off/,
      );
    });

    it('when fsync or full_page_writes is off', async () => {
      postgres.restart('fast', ['fsync=off', 'full_page_writes=off']);
      const failed = assertSafeDatabase(poolOf('app'));
      await expect(failed).rejects.toThrow(/fsync is off/);
      await expect(failed).rejects.toThrow(/full_page_writes is off/);
      postgres.restart();
      expect(await reasons(poolOf('app'))).toEqual([]);
    });
  });
});
