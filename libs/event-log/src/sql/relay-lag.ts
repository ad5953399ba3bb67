import type { SqlRunner } from './sql-runner.js';

/** What a relay has still to publish. `events` is counted up to 10,000. */
export type RelayLag = { readonly events: number; readonly oldestAgeMs: number };

/**
 * Counts events behind the checkpoint, those too that readers may not see yet: an idle transaction anywhere in the
 * cluster holds the whole feed back, and this is where it shows.
 */
const SQL = `SELECT count(*)::integer AS events,
    coalesce(extract(epoch FROM clock_timestamp() - min(recorded_at)) * 1000, 0)::float8 AS age
  FROM (
    SELECT event.recorded_at FROM log.event
    WHERE (event.xid, event.position) > (
      coalesce((SELECT xid FROM log.relay_checkpoint WHERE name = $1), '0'),
      coalesce((SELECT position FROM log.relay_checkpoint WHERE name = $1), 0))
    ORDER BY event.xid, event.position LIMIT 10000
  ) AS waiting`;

/** How far the relay of this name is behind the log. */
export async function selectRelayLag(sql: SqlRunner, name: string): Promise<RelayLag> {
  const { rows } = await sql.query<{ events: number; age: number }>({
    name: 'log.relay-lag',
    text: SQL,
    values: [name],
  });
  const [row] = rows;
  return { events: row?.events ?? 0, oldestAgeMs: Math.max(0, row?.age ?? 0) };
}
