import type { StreamId } from '../model/stream-id.js';
import { EVENT_COLUMNS, type EventRow } from './event-row.js';
import type { SqlRunner } from './sql-runner.js';

const SQL = `SELECT ${EVENT_COLUMNS} FROM log.event
  WHERE stream_type = $1 AND stream_id = $2 AND stream_version >= $3 ORDER BY stream_version`;

/** A stream's rows from a version on, in version order. */
export async function readStream(
  sql: SqlRunner,
  { type, id }: StreamId,
  fromVersion: number,
): Promise<readonly EventRow[]> {
  const values = [type, id, fromVersion];
  const { rows } = await sql.query<EventRow>({ name: 'log.stream', text: SQL, values });
  return rows;
}
