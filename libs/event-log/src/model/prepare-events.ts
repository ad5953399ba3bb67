import { InvalidEventError } from '../errors/invalid-event-error.js';
import { canonicalJson } from '../hashing/canonical-json.js';
import { eventHash } from '../hashing/event-hash.js';
import type { NewEvent } from './event.js';
import type { EventCodec } from './event-codec.js';
import type { StreamId } from './stream-id.js';

/** An event as it will be stored, but for its place in the chain. */
export type EncodedRow = {
  readonly streamType: string;
  readonly streamId: string;
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: string;
  readonly metadata: string;
};

/** One event ready to be written: its content and its place in its stream's chain. */
export type PreparedEvent = EncodedRow & {
  readonly streamVersion: number;
  readonly recordedAt: string;
  readonly prevHash: string;
  readonly hash: string;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TYPE = /^[A-Za-z0-9._-]{1,128}$/;
/** What a broker message and a screen can still carry; more belongs elsewhere, with its key in the event. */
const MAX_BYTES = 1_000_000;

/** Validates events and brings them into the form that is stored and hashed. */
export function encodeEvents(
  stream: StreamId,
  events: readonly NewEvent[],
  codec: EventCodec,
): readonly EncodedRow[] {
  return events.map((event) => encodeEvent(stream, event, codec));
}

function encodeEvent(stream: StreamId, event: NewEvent, codec: EventCodec): EncodedRow {
  const { type, schemaVersion, data } = codec.encode(event);
  if (!UUID.test(event.eventId)) {
    throw invalid(event, `its id ${JSON.stringify(event.eventId)} is not a lower-case UUID`);
  }
  if (!TYPE.test(type)) throw invalid(event, 'its type must be 1 to 128 of A-Z a-z 0-9 . _ -');
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1 || schemaVersion > 32_767) {
    throw invalid(event, `its schema version ${schemaVersion} is not a whole number from 1 on`);
  }
  const json = canonicalJson(data);
  if (Buffer.byteLength(json) > MAX_BYTES) {
    throw invalid(
      event,
      `its data is larger than ${MAX_BYTES} bytes: store it elsewhere and keep its key here`,
    );
  }
  const metadata = canonicalJson(event.metadata);
  return {
    streamType: stream.type,
    streamId: stream.id,
    eventId: event.eventId,
    type,
    schemaVersion,
    data: json,
    metadata,
  };
}

/** Puts encoded events behind a stream's head and chains their hashes. */
export function chainEvents(
  rows: readonly EncodedRow[],
  head: { readonly version: number; readonly hash: string },
  recordedAt: string,
): readonly PreparedEvent[] {
  let { version: streamVersion, hash: prevHash } = head;
  return rows.map((row) => {
    streamVersion += 1;
    const content = { ...row, streamVersion, recordedAt };
    const prepared = { ...content, prevHash, hash: eventHash(prevHash, content) };
    prevHash = prepared.hash;
    return prepared;
  });
}

function invalid(event: NewEvent, why: string): InvalidEventError {
  return new InvalidEventError(`Event ${event.type} cannot be appended: ${why}`, {
    eventId: event.eventId,
    type: event.type,
  });
}
