import { EventIdConflictError } from '../errors/event-id-conflict-error.js';
import { InvalidEventError } from '../errors/invalid-event-error.js';
import type { RecordedEvent } from '../model/event.js';
import { passThroughCodec, type EventCodec } from '../model/event-codec.js';
import type { EventLog, TransactionInput, TransactionOutcome } from '../model/event-log.port.js';
import { compareCursors, feedCursor, type FeedCursor } from '../model/feed-cursor.js';
import type { PreparedEvent } from '../model/prepare-events.js';
import { assertStreamId, streamKey, type StreamId } from '../model/stream-id.js';
import { KeyedLocks } from './keyed-locks.js';
import { InMemoryTransaction } from './in-memory-transaction.js';
import type { MemoryStore, SqlAnswer, StoredEvent } from './memory-store.js';

/** What may be replaced in the fake: the codec, the clock, and who answers `tx.query`. */
export type InMemoryEventLogOptions = {
  readonly codec?: EventCodec;
  readonly now?: () => Date;
  readonly query?: SqlAnswer;
};

/** The log without a database, for unit tests: same answers, same errors, same hashes; gone with the process. */
export class InMemoryEventLog implements EventLog {
  private readonly store: MemoryStore = { events: [], inbox: new Map() };
  private readonly locks = new KeyedLocks();
  private readonly codec: EventCodec;
  private transactions = 0;

  constructor(private readonly options: InMemoryEventLogOptions = {}) {
    this.codec = options.codec ?? passThroughCodec;
  }

  async transact<T>(input: TransactionInput<T>): Promise<TransactionOutcome<T>> {
    input.streams.forEach(assertStreamId);
    const message = input.inbox && JSON.stringify([input.inbox.consumer, input.inbox.messageId]);
    const names = [
      ...input.streams.map(streamKey),
      ...(input.locks ?? []).map((name) => `lock:${name}`),
      ...(message === undefined ? [] : [`inbox:${message}`]),
    ];
    return await this.locks.with(names, () => this.run(input, message));
  }

  async readStream(stream: StreamId, fromVersion = 1): Promise<readonly RecordedEvent[]> {
    assertStreamId(stream);
    return await Promise.resolve(
      this.store.events
        .filter(({ streamType, streamId }) => streamType === stream.type && streamId === stream.id)
        .filter(({ streamVersion }) => streamVersion >= fromVersion)
        .map((event) => this.decoded(event)),
    );
  }

  async readFeed(after: FeedCursor | undefined, limit: number): Promise<readonly RecordedEvent[]> {
    if (!Number.isInteger(limit) || limit < 0)
      throw new InvalidEventError(`Limit ${limit} is not a whole number`);
    // A reader usually stands near the end, and the feed is in order of its cursors.
    const known = this.store.events.findLastIndex(
      ({ cursor }) => after !== undefined && compareCursors(cursor, after) <= 0,
    );
    return await Promise.resolve(
      this.store.events.slice(known + 1, known + 1 + limit).map((event) => this.decoded(event)),
    );
  }

  async findEvent(eventId: string): Promise<RecordedEvent | undefined> {
    const found = this.store.events.find((event) => event.eventId === eventId);
    return await Promise.resolve(found && this.decoded(found));
  }

  async pruneInbox(olderThanMs: number): Promise<number> {
    const limit = this.now().getTime() - olderThanMs;
    const old = [...this.store.inbox].filter(([, receivedAt]) => receivedAt < limit);
    for (const [message] of old) this.store.inbox.delete(message);
    return await Promise.resolve(old.length);
  }

  private async run<T>(
    input: TransactionInput<T>,
    message: string | undefined,
  ): Promise<TransactionOutcome<T>> {
    if (message !== undefined && this.store.inbox.has(message)) return { outcome: 'duplicate' };
    const tx = new InMemoryTransaction(this.store, input.streams, {
      codec: this.codec,
      now: this.now(),
      ...(this.options.query ? { query: this.options.query } : {}),
    });
    const value = await input.work(tx).finally(() => tx.close());
    this.assertIdsAreFree(tx.appended);
    const xid = String(++this.transactions);
    const added = tx.appended.map((event, index): StoredEvent => {
      const position = String(this.store.events.length + index + 1);
      return { ...event, position, cursor: feedCursor(xid, position) };
    });
    this.store.events.push(...added);
    if (message !== undefined) this.store.inbox.set(message, this.now().getTime());
    const cursor = added.at(-1)?.cursor;
    return { outcome: 'committed', value, ...(cursor === undefined ? {} : { cursor }) };
  }

  /** Another transaction may have taken an id since it was looked for: what a unique index is for. */
  private assertIdsAreFree(rows: readonly PreparedEvent[]): void {
    const ids = new Set(rows.map(({ eventId }) => eventId));
    const taken = this.store.events.find(({ eventId }) => ids.has(eventId));
    if (taken === undefined) return;
    throw new EventIdConflictError(
      `Event id ${taken.eventId} was just appended to another stream`,
      {
        eventId: taken.eventId,
      },
    );
  }

  private decoded(event: StoredEvent): RecordedEvent {
    return InMemoryTransaction.recorded(event, this.codec);
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }
}
