import type { NewEvent } from './event.js';

/** What of an event is stored: its payload in the newest schema version. */
export type EncodedEvent = {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
};

/**
 * The seam to whoever knows the events. `encode` is strict: it throws for an event that must not be written.
 * `decode` brings a stored payload of any older version to the newest shape, and throws for a type or version it does
 * not know: an event that is not understood must stop its reader, never be skipped.
 */
export interface EventCodec {
  encode(event: NewEvent): EncodedEvent;
  decode(row: EncodedEvent): unknown;
}

/** Stores and returns payloads as they are. */
export const passThroughCodec: EventCodec = {
  encode: ({ type, schemaVersion, data }) => ({ type, schemaVersion, data }),
  decode: ({ data }) => data,
};
