import { Pool, type PoolConfig } from 'pg';
import { limitAnswerTime } from './answer-timeout.js';
import { ReservedPool } from './reserved-pool.js';

/** How to reach the database. The role should be a member of `gantry_log_writer` and nothing more. */
export type LogPoolOptions = {
  readonly url: string;
  readonly applicationName?: string;
  /** @default 16 */
  readonly maxConnections?: number;
  /** Connections beside those, for what is asked `urgently` and nothing else. @default 0 */
  readonly reservedConnections?: number;
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
  const config: PoolConfig = {
    connectionString: options.url,
    application_name: options.applicationName ?? 'gantry-event-log',
    max: options.maxConnections ?? 16,
    connectionTimeoutMillis: 10_000,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 10_000,
    keepAlive: true,
  };
  const reserved = options.reservedConnections ?? 0;
  if (reserved === 0) return watched(new Pool(config), options);
  // Kept open: when the server has none left to give, these are there.
  const reserve = watched(new Pool({ ...config, max: reserved, idleTimeoutMillis: 0 }), options);
  return watched(new ReservedPool(config, reserve), options);
}

function watched<P extends Pool>(pool: P, options: LogPoolOptions): P {
  pool.on('error', (error) => options.onConnectionLost?.(error));
  // A client that breaks while it is in use emits "error" to nobody, which would end the process: its query's
  // rejection is what tells the caller.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    limitAnswerTime(client, options.answerTimeoutMs ?? 60_000);
  });
  return pool;
}
