import { cursorParts, FEED_START, type FeedCursor } from '../model/feed-cursor.js';
import { EVENT_COLUMNS, type EventRow } from './event-row.js';
import type { SqlRunner } from './sql-runner.js';

const SQL = `SELECT ${EVENT_COLUMNS} FROM log.event
  WHERE (event.xid, event.position) > ($1::xid8, $2::bigint)
    AND event.xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY event.xid, event.position LIMIT $3`;

/**
 * The feed's next rows. Below xmin every transaction has ended, so nothing can appear any more before the last row
 * returned; and the order is by (xid, position), because by position alone a transaction that took its numbers early and
 * committed late would slip in behind a reader that had passed them.
 */
export async function readFeed(
  sql: SqlRunner,
  after: FeedCursor | undefined,
  limit: number,
): Promise<readonly EventRow[]> {
  const [xid, position] = cursorParts(after ?? FEED_START);
  const values = [xid, position, limit];
  const { rows } = await sql.query<EventRow>({ name: 'log.feed', text: SQL, values });
  return rows;
}
