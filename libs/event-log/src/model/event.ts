import type { FeedCursor } from './feed-cursor.js';

/** Who and what caused an event, and when: enters with the input, is never made up by the log. */
export type EventMetadata = {
  readonly correlationId: string;
  readonly causationId: string;
  readonly actor: string;
  readonly occurredAt: string;
  readonly traceparent?: string;
};

/** A fact to be appended. Its id makes a repeated append harmless. */
export type NewEvent = {
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  readonly metadata: EventMetadata;
};

/** A fact that stands in the log. `hash` covers everything but its place in the feed, and `prevHash`. */
export type RecordedEvent = NewEvent & {
  readonly streamType: string;
  readonly streamId: string;
  readonly streamVersion: number;
  readonly cursor: FeedCursor;
  readonly position: string;
  readonly recordedAt: string;
  readonly prevHash: string;
  readonly hash: string;
};
