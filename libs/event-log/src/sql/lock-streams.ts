import type { SqlRunner } from './sql-runner.js';

const SQL = `SELECT pg_advisory_xact_lock(key), clock_timestamp() AS now
  FROM (SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) AS name ORDER BY key) AS keys`;

/**
 * Takes the transaction's locks, all in one order whoever asks, so that two transactions never wait for each other.
 * Must be the first statement: a transaction that has its number (xid) before it waits here would put a stream's
 * version 2 before its version 1 in the feed. Ordered by the lock's key and not by its name, as two names may share one.
 *
 * Returns the database's clock when the last lock was held: the one clock by which events are recorded.
 */
export async function lockStreams(
  sql: SqlRunner,
  names: readonly string[],
): Promise<Date | undefined> {
  const { rows } = await sql.query<{ now: Date }>({
    name: 'log.lock',
    text: SQL,
    values: [names],
  });
  return rows.at(-1)?.now;
}
