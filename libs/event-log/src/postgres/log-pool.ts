import { Pool } from 'pg';
import { limitAnswerTime } from './answer-timeout.js';

/** How to reach the database. The role should be a member of `gantry_log_writer` and nothing more. */
export type LogPoolOptions = {
  readonly url: string;
  readonly applicationName?: string;
  /** @default 16 */
  readonly maxConnections?: number;
  /** How long a transaction may wait for the streams it wants. @default 10000 */
  readonly lockTimeoutMs?: number;
  /** How long one statement may take. @default 30000 */
  readonly statementTimeoutMs?: number;
  /** An open transaction holds back every reader of the feed, so one that does nothing is ended. @default 10000 */
  readonly idleInTransactionTimeoutMs?: number;
  /** How long to wait for a server that has fallen silent. @default 60000 */
  readonly answerTimeoutMs?: number;
  /** Told when an idle connection breaks; the pool opens another by itself. */
  onConnectionLost?(error: Error): void;
};

/** The pool the log works on. Not through a pooler that shares sessions: locks and prepared statements live in them. */
export function createLogPool(options: LogPoolOptions): Pool {
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName ?? 'gantry-event-log',
    max: options.maxConnections ?? 16,
    connectionTimeoutMillis: 10_000,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 10_000,
    keepAlive: true,
  });
  pool.on('error', (error) => options.onConnectionLost?.(error));
  // A client that breaks while it is in use emits "error" to nobody, which would end the process: its query's
  // rejection is what tells the caller.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    limitAnswerTime(client, options.answerTimeoutMs ?? 60_000);
  });
  return pool;
}
