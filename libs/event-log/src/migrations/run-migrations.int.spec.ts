import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestPostgres } from '../../test/postgres.js';
import { CreateCounters1764000000001 } from '../../test/tables.js';
import { logMigrations, revertLastMigration, runMigrations } from '../index.js';

jest.setTimeout(60_000);

describe('migrations', () => {
  let postgres: TestPostgres;
  const migrations = [...logMigrations, CreateCounters1764000000001];
  const names = ['CreateEventLog1764000000000', 'CreateCounters1764000000001'];
  beforeAll(async () => {
    postgres = await TestPostgres.start();
  });
  afterAll(() => postgres.destroy());
  const tables = async (database: string): Promise<readonly string[]> =>
    (
      await postgres.sql<{ name: string }>(
        `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
         WHERE table_schema IN ('log', 'app', 'public') ORDER BY 1`,
        [],
        database,
      )
    ).map(({ name }) => name);
  const ALL = [
    'app.counter',
    'log.event',
    'log.inbox',
    'log.relay_checkpoint',
    'log.schema_migration',
    'log.subscription_checkpoint',
  ];

  it('run once: the second time nothing is left to do', async () => {
    const database = await postgres.emptyDatabase();
    const url = postgres.url(database);
    expect(await runMigrations({ url, migrations })).toEqual(names);
    expect(await tables(database)).toEqual(ALL);
    expect(await runMigrations({ url, migrations })).toEqual([]);
    expect(await tables(database)).toEqual(ALL);
  });

  it('run by 8 processes at once: each migration is done by exactly one', async () => {
    const database = await postgres.emptyDatabase();
    const url = postgres.url(database);
    const done = await Promise.all(
      Array.from({ length: 8 }, () => runMigrations({ url, migrations })),
    );
    expect(done.flat()).toEqual(names);
    expect(await tables(database)).toEqual(ALL);
  });

  it('run in two databases of a new cluster at once, although roles belong to the cluster', async () => {
    const databases = [await postgres.emptyDatabase(), await postgres.emptyDatabase()];
    await postgres.sql('DROP OWNED BY gantry_log_writer, gantry_log_reader').catch(() => undefined);
    const done = await Promise.all(
      databases.map((database) => runMigrations({ url: postgres.url(database), migrations })),
    );
    expect(done).toEqual([names, names]);
  });

  it('go back one by one, and forth again', async () => {
    const database = await postgres.emptyDatabase();
    const url = postgres.url(database);
    await runMigrations({ url, migrations });
    await revertLastMigration({ url, migrations });
    expect(await tables(database)).toEqual(ALL.slice(1));
    await revertLastMigration({ url, migrations });
    expect(await tables(database)).toEqual(['log.schema_migration']);
    expect(await runMigrations({ url, migrations })).toEqual(names);
    expect(await tables(database)).toEqual(ALL);
  });

  it('leave nothing of one that failed, and say what failed', async () => {
    const database = await postgres.emptyDatabase();
    const url = postgres.url(database);
    class Broken1764000000002 extends CreateCounters1764000000001 {
      override async up(runner: Parameters<CreateCounters1764000000001['up']>[0]): Promise<void> {
        await runner.query('CREATE TABLE public.half (n integer)');
        await runner.query('SELECT 1 / 0');
      }
    }
    const failed = runMigrations({ url, migrations: [...migrations, Broken1764000000002] });
    await expect(failed).rejects.toThrow(/division by zero/);
    expect(await tables(database)).toEqual(ALL);
  });
});
