import { cursorParts, feedCursor, type FeedCursor } from '../model/feed-cursor.js';
import type { SqlRunner } from './sql-runner.js';

const READ = `SELECT xid::text AS xid, position FROM log.relay_checkpoint WHERE name = $1`;

/** Only forwards: a leader that was replaced without noticing must not take the new one back. */
const ADVANCE = `INSERT INTO log.relay_checkpoint AS checkpoint (name, xid, position) VALUES ($1, $2::xid8, $3)
  ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, position = excluded.position, updated_at = clock_timestamp()
  WHERE (checkpoint.xid, checkpoint.position) < (excluded.xid, excluded.position)`;

/** How far the relay of this name has published; undefined when it never has. */
export async function readRelayCheckpoint(
  sql: SqlRunner,
  name: string,
): Promise<FeedCursor | undefined> {
  const { rows } = await sql.query<{ xid: string; position: string }>({
    text: READ,
    values: [name],
  });
  const [row] = rows;
  return row && feedCursor(row.xid, row.position);
}

/** Remembers that everything up to here has been published. */
export async function advanceRelayCheckpoint(
  sql: SqlRunner,
  name: string,
  cursor: FeedCursor,
): Promise<void> {
  await sql.query({
    name: 'log.relay-advance',
    text: ADVANCE,
    values: [name, ...cursorParts(cursor)],
  });
}
