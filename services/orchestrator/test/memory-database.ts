import {
  InMemoryEventLog,
  streamKey,
  type EventLog,
  type FeedCursor,
  type LogTransaction,
  type RecordedEvent,
  type StreamId,
  type TransactionInput,
  type TransactionOutcome,
} from '@gantry/event-log';
import type { ActiveStreams } from '../src/persistence/active-streams.repository.js';
import { contractEventCodec } from '../src/streams/contract-event-codec.js';
import { MemoryTables } from './memory-tables.js';

/** The orchestrator's database in memory: the log, and the tables that are written in its transactions. */
export class MemoryDatabase implements EventLog, ActiveStreams {
  readonly tables: MemoryTables;
  private readonly log: InMemoryEventLog;
  /** The last event of each stream, as far as the feed was read. */
  private readonly lastOf = new Map<
    string,
    { readonly streamType: string; readonly last: string }
  >();
  private readUpTo: FeedCursor | undefined;

  constructor(nowMs: () => number) {
    this.tables = new MemoryTables(nowMs);
    this.log = new InMemoryEventLog({ codec: contractEventCodec, now: () => new Date(nowMs()) });
  }

  transact<T>(input: TransactionInput<T>): Promise<TransactionOutcome<T>> {
    return this.log.transact({ ...input, work: (tx) => this.orTakenBack(tx, input) });
  }

  readStream(stream: StreamId, fromVersion?: number): Promise<readonly RecordedEvent[]> {
    return this.log.readStream(stream, fromVersion);
  }

  readFeed(after: FeedCursor | undefined, limit: number): Promise<readonly RecordedEvent[]> {
    return this.log.readFeed(after, limit);
  }

  findEvent(eventId: string): Promise<RecordedEvent | undefined> {
    return this.log.findEvent(eventId);
  }

  pruneInbox(olderThanMs: number): Promise<number> {
    return this.log.pruneInbox(olderThanMs);
  }

  /** Reads only what is new since it was last asked: a play asks every two seconds. */
  async notEndedBy(streamType: string, ends: readonly string[]): Promise<readonly string[]> {
    for (const event of await this.log.readFeed(this.readUpTo, Number.MAX_SAFE_INTEGER)) {
      const { streamType: type, streamId: id } = event;
      this.lastOf.set(streamKey({ type, id }), { streamType: type, last: event.type });
      this.readUpTo = event.cursor;
    }
    return [...this.lastOf]
      .filter(([, each]) => each.streamType === streamType && !ends.includes(each.last))
      .map(([stream]) => stream);
  }

  holders(): Promise<readonly string[]> {
    return this.tables.holders();
  }

  private async orTakenBack<T>(tx: LogTransaction, { work }: TransactionInput<T>): Promise<T> {
    try {
      return await work(tx);
    } catch (error) {
      this.tables.rollback(tx);
      throw error;
    }
  }
}
