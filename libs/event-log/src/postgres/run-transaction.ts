import type { PoolClient } from 'pg';
import { CommitUnknownError } from '../errors/commit-unknown-error.js';
import { TransactionClosedError } from '../errors/transaction-closed-error.js';
import type { EventCodec } from '../model/event-codec.js';
import type { TransactionInput, TransactionOutcome } from '../model/event-log.port.js';
import { streamKey } from '../model/stream-id.js';
import { claimInbox } from '../sql/claim-inbox.js';
import { lockStreams } from '../sql/lock-streams.js';
import { readHead } from '../sql/read-head.js';
import type { SqlRunner } from '../sql/sql-runner.js';
import { allOrFirstError } from './all-or-first-error.js';
import { ConnectionSql } from './connection-sql.js';
import { PostgresTransaction } from './postgres-transaction.js';
import { isConnectionLoss } from './translate-database-error.js';

/**
 * One transaction on one connection, in two round trips when the work only appends: (begin, locks, inbox, heads) and
 * (insert, commit). Statements asked for together travel together; the server runs them one by one, each with its own
 * snapshot, so the heads are read under the locks.
 */
export async function runTransaction<T>(
  client: PoolClient,
  input: TransactionInput<T>,
  options: { readonly codec: EventCodec; readonly careful: boolean },
): Promise<TransactionOutcome<T>> {
  const sql = new ConnectionSql(client);
  const [, now, isNew, ...heads] = await allOrFirstError([
    sql.query({ name: 'log.begin', text: 'BEGIN' }),
    lockStreams(sql, lockNames(input)),
    input.inbox ? claimInbox(sql, input.inbox) : true,
    ...input.streams.map((stream) => readHead(sql, stream)),
  ]);
  if (!isNew) {
    await sql.query({ name: 'log.rollback', text: 'ROLLBACK' });
    return { outcome: 'duplicate' };
  }
  const tx = new PostgresTransaction({ sql, now, ...options }, input.streams, heads);
  const value = await input.work(tx).finally(() => tx.close());
  await commit(sql, tx);
  const cursor = tx.lastCursor;
  return { outcome: 'committed', value, ...(cursor === undefined ? {} : { cursor }) };
}

/** Streams and other locks share one space of names; the prefix keeps a lock from meaning a stream. */
function lockNames(input: TransactionInput<unknown>): readonly string[] {
  return [...input.streams.map(streamKey), ...(input.locks ?? []).map((name) => `lock:${name}`)];
}

/** Writes and commits in one go: when the insert fails, the server never gets to the commit. */
async function commit(sql: SqlRunner, tx: PostgresTransaction): Promise<void> {
  const [written, committed] = await Promise.allSettled([
    tx.flush(),
    sql.query({ name: 'log.commit', text: 'COMMIT' }),
  ]);
  if (written.status === 'rejected' && !isConnectionLoss(written.reason)) throw written.reason;
  if (committed.status === 'rejected') {
    if (!isConnectionLoss(committed.reason)) throw committed.reason;
    throw new CommitUnknownError(
      'The connection was cut while committing: ask again with the same message or event ids to find out',
      {},
      { cause: committed.reason },
    );
  }
  if (committed.value.command === 'COMMIT') return;
  throw new TransactionClosedError(
    'Nothing was written: a statement of this transaction had failed, and the work went on as if it had not',
  );
}
