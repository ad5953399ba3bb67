import type { QueryResult, QueryResultRow } from 'pg';

/** A statement with its values; `name` lets each connection prepare it once. */
export type Statement = {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
};

/** What an SQL operation needs of a connection or a pool. */
export interface SqlRunner {
  query<R extends QueryResultRow>(statement: Statement): Promise<QueryResult<R>>;
}
