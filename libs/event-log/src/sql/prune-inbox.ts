import type { SqlRunner } from './sql-runner.js';

const SQL = `DELETE FROM log.inbox WHERE received_at < clock_timestamp() - $1 * interval '1 millisecond'`;

/** Deletes inbox rows older than an age and says how many. */
export async function pruneInbox(sql: SqlRunner, olderThanMs: number): Promise<number> {
  const result = await sql.query({ text: SQL, values: [olderThanMs] });
  return result.rowCount ?? 0;
}
