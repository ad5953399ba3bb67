import type { SqlRunner } from '../sql/sql-runner.js';

/** Lets one transaction at a time work for a subscription, without giving it a transaction number. */
export async function lockSubscription(sql: SqlRunner, name: string): Promise<void> {
  await sql.query({
    name: 'log.subscription-lock',
    text: `SELECT pg_advisory_xact_lock(hashtextextended($1, 2))`,
    values: [name],
  });
}
