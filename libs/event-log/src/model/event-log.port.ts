import type { NewEvent, RecordedEvent } from './event.js';
import type { FeedCursor } from './feed-cursor.js';
import type { StreamId } from './stream-id.js';

/** What a transaction is to lock, which message it answers, and what it is to do. */
export type TransactionInput<T> = {
  /** Every stream that is read for a decision or written. Locked in one fixed order, as the first statement. */
  readonly streams: readonly StreamId[];
  /** Further things to lock with the streams, by name: a pool, a host, an application's slot in an environment. */
  readonly locks?: readonly string[];
  /** The message that is being handled: a second transaction for the same one has outcome `duplicate`. */
  readonly inbox?: InboxKey;
  /**
   * Decides and appends. Has no effect outside the transaction and may be run a second time (an event id that turns
   * out to be in the log already makes the log start over, checking ids first).
   */
  work(tx: LogTransaction): Promise<T>;
};

/** One message at one consumer. */
export type InboxKey = { readonly consumer: string; readonly messageId: string };

/** How a transaction ended. `cursor` is the last appended event's place; absent when nothing was appended. */
export type TransactionOutcome<T> =
  | { readonly outcome: 'committed'; readonly value: T; readonly cursor?: FeedCursor }
  | { readonly outcome: 'duplicate' };

/** The log within one transaction. Usable only until `work` has settled. */
export interface LogTransaction {
  /** The stream's last version as seen under its lock; 0 when it has none. Costs nothing: it came with the lock. */
  version(stream: StreamId): number;
  /** The stream's events from a version on (default: all), own appends included. */
  load(stream: StreamId, fromVersion?: number): Promise<readonly RecordedEvent[]>;
  /**
   * Adds events behind `expectedVersion`, all or none. An event id that stands in the log already is no error when
   * stream and content are the same: nothing is added. Written with the commit, in one statement.
   * @throws ConcurrencyError when the stream is at another version.
   * @throws EventIdConflictError when an id is in the log with other content or in another stream.
   */
  append(stream: StreamId, expectedVersion: number, events: readonly NewEvent[]): Promise<void>;
  /** One SQL statement in the same transaction, for what must be true exactly when the events are (allocations, timers). */
  query<R>(sql: string, params?: readonly unknown[]): Promise<readonly R[]>;
}

/** The event-sourced log: the single record of state, and the outbox. */
export interface EventLog {
  transact<T>(input: TransactionInput<T>): Promise<TransactionOutcome<T>>;
  /** A stream's events in version order; empty for an unknown stream. */
  readStream(stream: StreamId, fromVersion?: number): Promise<readonly RecordedEvent[]>;
  /**
   * The next events of the feed. Every event appears exactly once to a reader that goes on from the last cursor it
   * got, and a stream's events appear in version order, whatever writers are doing meanwhile.
   */
  readFeed(after: FeedCursor | undefined, limit: number): Promise<readonly RecordedEvent[]>;
  /** The event with this id: how a caller whose commit was cut off finds out what became of it. */
  findEvent(eventId: string): Promise<RecordedEvent | undefined>;
  /** Forgets inbox rows of messages older than this; a message that comes again after that is handled again. */
  pruneInbox(olderThanMs: number): Promise<number>;
}
