import { EVENT_COLUMNS, type EventRow } from './event-row.js';
import type { SqlRunner } from './sql-runner.js';

const OPEN = `DECLARE feed_scan NO SCROLL CURSOR FOR SELECT ${EVENT_COLUMNS} FROM log.event
  WHERE event.xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY event.xid, event.position`;

/** Begin statement of a scan: one snapshot from beginning to end, and no number that would hold readers back. */
export const BEGIN_SCAN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** The whole feed in batches, within the running transaction: for rebuilds and checks of millions of events. */
export async function* scanFeed(
  sql: SqlRunner,
  batchSize: number,
): AsyncGenerator<readonly EventRow[]> {
  await sql.query({ text: OPEN });
  const fetch = `FETCH ${Math.trunc(batchSize)} FROM feed_scan`;
  let next = sql.query<EventRow>({ text: fetch });
  for (;;) {
    const { rows } = await next;
    if (rows.length === 0) return;
    // Asked for before this batch is worked on: the server sorts out the next one meanwhile.
    next = sql.query<EventRow>({ text: fetch });
    next.catch(() => undefined);
    yield rows;
  }
}
