import { canonicalJson } from '../hashing/canonical-json.js';
import type { HashedContent } from '../hashing/event-hash.js';
import type { EventMetadata } from '../model/event.js';

/** One row of log.event as {@link EVENT_COLUMNS} selects it. */
export type EventRow = {
  readonly xid: string;
  readonly position: string;
  readonly stream_type: string;
  readonly stream_id: string;
  readonly stream_version: number;
  readonly event_id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly data: unknown;
  readonly metadata: EventMetadata;
  readonly recorded_at: Date;
  readonly prev_hash: string;
  readonly hash: string;
};

/** The columns every read of events selects, from a table named or aliased `event`. */
export const EVENT_COLUMNS = `xid::text AS xid, position, stream_type, stream_id, stream_version, event_id, type,
  schema_version, data, metadata, recorded_at, encode(prev_hash, 'hex') AS prev_hash, encode(hash, 'hex') AS hash`;

/** What a stored row's hash must cover. */
export function hashedContent(row: EventRow): HashedContent {
  return {
    streamType: row.stream_type,
    streamId: row.stream_id,
    streamVersion: row.stream_version,
    eventId: row.event_id,
    type: row.type,
    schemaVersion: row.schema_version,
    recordedAt: row.recorded_at.toISOString(),
    data: canonicalJson(row.data),
    metadata: canonicalJson(row.metadata),
  };
}
