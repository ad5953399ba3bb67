import type { SqlRunner } from './sql-runner.js';

const SQL = `SELECT pg_advisory_xact_lock(key)
  FROM (SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) AS name ORDER BY key) AS keys`;

/**
 * Takes the transaction's locks, all in one order whoever asks, so that two transactions never wait for each other.
 * Must be the first statement: a transaction that has its number (xid) before it waits here would put a stream's
 * version 2 before its version 1 in the feed. Ordered by the lock's key and not by its name, as two names may share one.
 */
export async function lockStreams(sql: SqlRunner, names: readonly string[]): Promise<void> {
  await sql.query({ name: 'log.lock', text: SQL, values: [names] });
}
