import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { SqlRunner, Statement } from '../sql/sql-runner.js';
import { ConnectionSql } from './connection-sql.js';
import { isConnectionLoss, translateDatabaseError } from './translate-database-error.js';

/** Runs single statements, each on whichever connection is free. */
export class PoolSql implements SqlRunner {
  constructor(private readonly pool: Pool) {}

  async query<R extends QueryResultRow>(statement: Statement): Promise<QueryResult<R>> {
    const client = await this.connect();
    try {
      const result = await new ConnectionSql(client).query<R>(statement);
      client.release();
      return result;
    } catch (error) {
      client.release(isConnectionLoss(error));
      throw error;
    }
  }

  /** A connection of one's own, to be released. */
  async connect(): Promise<PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }
}
