import type { Pool } from 'pg';
import { UnsafeDatabaseError } from '../errors/unsafe-database-error.js';
import { logMigrations, type MigrationClass } from '../migrations/log-migrations.js';
import { PoolSql } from '../postgres/pool-sql.js';
import { readDatabaseFacts, readMigrations } from './read-database-facts.js';
import { databaseRefusals, schemaRefusals, type Refusal, type RefusalReason } from './refusals.js';

/** What the start-up check is to expect and to let pass. */
export type SafetyOptions = {
  /** All migrations that must have been run. @default logMigrations */
  readonly migrations?: readonly MigrationClass[];
  /** Reasons to overlook: `superuser` and `owner` on a developer's machine, `cannot-append` for a reader. */
  readonly allow?: readonly Extract<RefusalReason, 'superuser' | 'owner' | 'cannot-append'>[];
};

/**
 * Refuses a database or role with which the log could not keep its promises. To be called before anything is handled.
 * @throws UnsafeDatabaseError naming every reason and what to do about it.
 */
export async function assertSafeDatabase(pool: Pool, options: SafetyOptions = {}): Promise<void> {
  const sql = new PoolSql(pool);
  const done = await readMigrations(sql);
  if (done === undefined) {
    refuse([
      {
        reason: 'schema',
        message:
          'there is no log here, or this role may not see it: run the migrations, GRANT gantry_log_writer',
      },
    ]);
    return;
  }
  const wanted = (options.migrations ?? logMigrations).map((migration) => migration.name);
  const allowed: readonly RefusalReason[] = options.allow ?? [];
  const refusals = [
    ...schemaRefusals(done, wanted),
    ...databaseRefusals(await readDatabaseFacts(sql)),
  ].filter(({ reason }) => !allowed.includes(reason));
  refuse(refusals);
}

function refuse(refusals: readonly Refusal[]): void {
  if (refusals.length === 0) return;
  throw new UnsafeDatabaseError(
    `This database cannot hold the event log: ${refusals.map(({ message }) => message).join('; ')}`,
    { reasons: refusals.map(({ reason }) => reason) },
  );
}
