import type { SqlRunner } from './sql-runner.js';

/** Tries to become the one who does a named job. Held until the connection ends, however it ends. */
export async function tryLead(sql: SqlRunner, job: string): Promise<boolean> {
  const { rows } = await sql.query<{ leads: boolean }>({
    text: `SELECT pg_try_advisory_lock(hashtextextended($1, 1)) AS leads`,
    values: [job],
  });
  return rows[0]?.leads === true;
}
