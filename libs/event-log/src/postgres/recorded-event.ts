import { CorruptLogError } from '../errors/corrupt-log-error.js';
import type { RecordedEvent } from '../model/event.js';
import type { EventCodec } from '../model/event-codec.js';
import { feedCursor } from '../model/feed-cursor.js';
import type { EventRow } from '../sql/event-row.js';

/** A row as its readers see it, its payload in the newest shape. */
export function recordedEvent(row: EventRow, codec: EventCodec): RecordedEvent {
  return {
    eventId: row.event_id,
    type: row.type,
    schemaVersion: row.schema_version,
    data: decode(row, codec),
    metadata: row.metadata,
    streamType: row.stream_type,
    streamId: row.stream_id,
    streamVersion: row.stream_version,
    cursor: feedCursor(row.xid, row.position),
    position: row.position,
    recordedAt: row.recorded_at.toISOString(),
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}

function decode(row: EventRow, codec: EventCodec): unknown {
  try {
    return codec.decode({ type: row.type, schemaVersion: row.schema_version, data: row.data });
  } catch (cause) {
    throw new CorruptLogError(
      `Event ${row.type} v${row.schema_version} at position ${row.position} cannot be read: ` +
        `${cause instanceof Error ? cause.message : String(cause)}. Update this program or look at the row`,
      { position: row.position, type: row.type, schemaVersion: row.schema_version },
      { cause },
    );
  }
}
