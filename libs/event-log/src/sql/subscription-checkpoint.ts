import { cursorParts, feedCursor, type FeedCursor } from '../model/feed-cursor.js';
import type { SqlRunner } from './sql-runner.js';

const READ = `SELECT xid::text AS xid, position FROM log.subscription_checkpoint WHERE name = $1`;
const STORE = `INSERT INTO log.subscription_checkpoint (name, xid, position) VALUES ($1, $2::xid8, $3)
  ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, position = excluded.position, updated_at = clock_timestamp()`;

/** How far the subscription of this name has come; undefined when it has not begun. */
export async function readSubscriptionCheckpoint(
  sql: SqlRunner,
  name: string,
): Promise<FeedCursor | undefined> {
  const { rows } = await sql.query<{ xid: string; position: string }>({
    name: 'log.subscription-read',
    text: READ,
    values: [name],
  });
  const [row] = rows;
  return row && feedCursor(row.xid, row.position);
}

/** Moves a subscription's checkpoint, in the transaction that holds what the subscriber made of the events. */
export async function storeSubscriptionCheckpoint(
  sql: SqlRunner,
  name: string,
  cursor: FeedCursor,
): Promise<void> {
  const values = [name, ...cursorParts(cursor)];
  await sql.query({ name: 'log.subscription-store', text: STORE, values });
}
