import type { Pool } from 'pg';
import { TransactionClosedError } from '../errors/transaction-closed-error.js';
import type { SqlRunner } from '../sql/sql-runner.js';
import { allOrFirstError } from './all-or-first-error.js';
import { ConnectionSql } from './connection-sql.js';
import { PoolSql } from './pool-sql.js';
import { isConnectionLoss } from './translate-database-error.js';

/** Runs work in one transaction of its own: committed when it resolves, rolled back when it rejects. */
export async function inTransaction<T>(
  pool: Pool,
  work: (sql: SqlRunner) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  const client = await new PoolSql(pool).connect();
  const sql = new ConnectionSql(client);
  try {
    // The work's first statements travel with the begin.
    const [, value] = await allOrFirstError([sql.query({ text: begin }), work(sql)]);
    const { command } = await sql.query({ text: 'COMMIT' });
    if (command !== 'COMMIT') {
      throw new TransactionClosedError(
        'Nothing was written: a statement of this transaction had failed, and the work went on as if it had not',
      );
    }
    client.release();
    return value;
  } catch (error) {
    client.release(isConnectionLoss(error) || !(await rolledBack(sql)));
    throw error;
  }
}

async function rolledBack(sql: SqlRunner): Promise<boolean> {
  try {
    await sql.query({ text: 'ROLLBACK' });
    return true;
  } catch {
    return false;
  }
}
