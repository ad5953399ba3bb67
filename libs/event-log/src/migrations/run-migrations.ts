import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { MigrationClass } from './log-migrations.js';

/** Where and what to migrate. The URL's role must own the database: services then connect as a lesser one. */
export type MigrationInput = {
  readonly url: string;
  readonly migrations: readonly MigrationClass[];
};

const LOCK = `hashtextextended('gantry.migrations', 0)`;

/**
 * Brings the database up to date and names what was done; an up-to-date one is left alone. Any number of processes may
 * call it at once: TypeORM itself takes no lock, so they queue on an advisory one, which ends with its connection.
 */
export async function runMigrations(input: MigrationInput): Promise<readonly string[]> {
  return migrate(input, async (source) => {
    const done = await source.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  });
}

/** Takes back the newest migration. */
export async function revertLastMigration(input: MigrationInput): Promise<void> {
  await migrate(input, (source) => source.undoLastMigration({ transaction: 'each' }));
}

async function migrate<T>(
  { url, migrations }: MigrationInput,
  work: (source: DataSource) => Promise<T>,
): Promise<T> {
  const lock = new Client({ connectionString: url, application_name: 'gantry-migrations' });
  await lock.connect();
  try {
    await lock.query(`SELECT pg_advisory_lock(${LOCK})`);
    // TypeORM writes down what it did in this schema, before the first migration could make it.
    await lock.query('CREATE SCHEMA IF NOT EXISTS log');
    const source = new DataSource({
      type: 'postgres',
      url,
      schema: 'log',
      migrationsTableName: 'schema_migration',
      migrations: [...migrations],
      synchronize: false,
      // Its default logger prints to the console; what fails is thrown.
      logger: 'debug',
      installExtensions: false,
    });
    await source.initialize();
    try {
      return await work(source);
    } finally {
      await source.destroy();
    }
  } finally {
    await lock.end();
  }
}
