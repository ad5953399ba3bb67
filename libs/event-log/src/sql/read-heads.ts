import type { StreamId } from '../model/stream-id.js';
import type { SqlRunner } from './sql-runner.js';

/** Where a stream ends, and what the database's clock showed under its lock. */
export type StreamHead = {
  readonly version: number;
  readonly hash: string | undefined;
  readonly now: Date;
};

type HeadRow = { stream_version: number | null; hash: string | null; now: Date };

const LAST = `SELECT stream_version, encode(hash, 'hex') AS hash FROM log.event
  WHERE stream_type = wanted.type AND stream_id = wanted.id ORDER BY stream_version DESC LIMIT 1`;

const SQL = `SELECT last.stream_version, last.hash, clock_timestamp() AS now
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted(type, id, ordinal)
  LEFT JOIN LATERAL (${LAST}) AS last ON true ORDER BY wanted.ordinal`;

/** The heads of some streams, in their order. A statement of its own, so that its snapshot is taken under the locks. */
export async function readHeads(
  sql: SqlRunner,
  streams: readonly StreamId[],
): Promise<readonly StreamHead[]> {
  const values = [streams.map(({ type }) => type), streams.map(({ id }) => id)];
  const { rows } = await sql.query<HeadRow>({ name: 'log.heads', text: SQL, values });
  return rows.map((row) => ({
    version: row.stream_version ?? 0,
    hash: row.hash ?? undefined,
    now: row.now,
  }));
}
