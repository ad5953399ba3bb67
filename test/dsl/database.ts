import { createLogPool } from '@gantry/event-log';
import type { System } from './system.js';

/** The installation's database, as its superuser: what is looked at here, no service may look at. */
export async function databaseUrl({ lab }: Pick<System, 'lab'>): Promise<string> {
  const name = await lab.postgres.sql(
    `SELECT datname FROM pg_database WHERE datname LIKE 'gantry\\_%'`,
  );
  return lab.postgres.url(name.trim());
}

/** The rows of a statement, asked of the database itself. */
export async function rowsOf<Row extends object>(
  system: Pick<System, 'lab'>,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const pool = createLogPool({ url: await databaseUrl(system), applicationName: 'tests' });
  try {
    return (await pool.query<Row>(statement, [...values])).rows;
  } finally {
    await pool.end();
  }
}
