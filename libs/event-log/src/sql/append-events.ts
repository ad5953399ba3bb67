import { feedCursor, type FeedCursor } from '../model/feed-cursor.js';
import type { PreparedEvent } from '../model/prepare-events.js';
import type { SqlRunner, Statement } from './sql-runner.js';

const COLUMNS = `(stream_type, stream_id, stream_version, event_id, type, schema_version, data, metadata,
  recorded_at, prev_hash, hash)`;
const RETURNING = 'RETURNING xid::text AS xid, position';

const ONE = `INSERT INTO log.event ${COLUMNS}
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, decode($10, 'hex'), decode($11, 'hex')) ${RETURNING}`;

const MANY = `INSERT INTO log.event ${COLUMNS}
  SELECT e.stream_type, e.stream_id, e.stream_version, e.event_id, e.type, e.schema_version, e.data::jsonb,
    e.metadata::jsonb, e.recorded_at, decode(e.prev_hash, 'hex'), decode(e.hash, 'hex')
  FROM unnest($1::text[], $2::text[], $3::integer[], $4::uuid[], $5::text[], $6::integer[], $7::text[], $8::text[],
    $9::timestamptz[], $10::text[], $11::text[])
    AS e${COLUMNS} ${RETURNING}`;

/** Writes prepared events in one statement, in their order, and returns the last one's place in the feed. */
export async function appendEvents(
  sql: SqlRunner,
  events: readonly PreparedEvent[],
): Promise<FeedCursor | undefined> {
  const { rows } = await sql.query<{ xid: string; position: string }>(insertStatement(events));
  const last = rows.at(-1);
  return last && feedCursor(last.xid, last.position);
}

/** One event as plain values: half of all appends, and an array's literal costs more to write and to read. */
function insertStatement(events: readonly PreparedEvent[]): Statement {
  const rows = events.map(rowValues);
  const [first, ...more] = rows;
  if (first !== undefined && more.length === 0) {
    return { name: 'log.append-one', text: ONE, values: [...first] };
  }
  const columns = (first ?? []).map((_, column) => rows.map((row) => row[column]));
  return { name: 'log.append-many', text: MANY, values: columns };
}

function rowValues(event: PreparedEvent): readonly (string | number)[] {
  return [
    event.streamType,
    event.streamId,
    event.streamVersion,
    event.eventId,
    event.type,
    event.schemaVersion,
    event.data,
    event.metadata,
    event.recordedAt,
    event.prevHash,
    event.hash,
  ];
}
