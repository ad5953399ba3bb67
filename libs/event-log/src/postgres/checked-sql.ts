import type { QueryResult, QueryResultRow } from 'pg';
import type { SqlRunner, Statement } from '../sql/sql-runner.js';
import { translateDatabaseError } from './translate-database-error.js';

/** What of pg's pool and clients is used to run a statement. */
type Queryable = {
  query<R extends QueryResultRow>(statement: Statement): Promise<QueryResult<R>>;
};

/** Runs statements and turns the database's errors into the log's. */
export class CheckedSql implements SqlRunner {
  constructor(private readonly target: Queryable) {}

  async query<R extends QueryResultRow>(statement: Statement): Promise<QueryResult<R>> {
    try {
      return await this.target.query<R>(statement);
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }
}
