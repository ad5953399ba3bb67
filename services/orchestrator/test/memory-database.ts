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

  async notEndedBy(streamType: string, ends: readonly string[]): Promise<readonly string[]> {
    const lastTypes = new Map<string, string>();
    for (const event of await this.log.readFeed(undefined, Number.MAX_SAFE_INTEGER)) {
      const { streamType: type, streamId: id } = event;
      if (type === streamType) lastTypes.set(streamKey({ type, id }), event.type);
    }
    return [...lastTypes].filter(([, type]) => !ends.includes(type)).map(([stream]) => stream);
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
