import type { ClientBase, QueryResult, QueryResultRow } from 'pg';
import type { SqlRunner, Statement } from '../sql/sql-runner.js';
import { awaitAnswer } from './answer-timeout.js';
import { sendableValue } from './sendable-value.js';
import { StatementBatch, type BatchedStatement, type StatementDone } from './statement-batch.js';
import { translateDatabaseError } from './translate-database-error.js';

/**
 * Runs statements on one connection. Those asked for in the same turn of the event loop, before anything is awaited,
 * travel together; the database's errors become the log's.
 */
export class ConnectionSql implements SqlRunner {
  private waiting: BatchedStatement[] = [];

  constructor(private readonly client: ClientBase) {}

  async query<R extends QueryResultRow>(statement: Statement): Promise<QueryResult<R>> {
    const values = (statement.values ?? []).map(sendableValue);
    return await new Promise<QueryResult<R>>((resolve, reject) => {
      this.enqueue({ ...statement, values }, (error, result) => {
        if (error) reject(translateDatabaseError(error));
        else resolve(result as QueryResult<R>);
      });
    });
  }

  private enqueue(statement: Statement, done: StatementDone): void {
    this.waiting.push({ statement, done });
    if (this.waiting.length > 1) return;
    // Not queueMicrotask: it makes a resource for the asynchronous context each time.
    void Promise.resolve().then(() => this.send());
  }

  private send(): void {
    const batch = new StatementBatch(this.waiting, awaitAnswer(this.client));
    this.waiting = [];
    this.client.query(batch);
  }
}
