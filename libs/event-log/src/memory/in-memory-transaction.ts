import { ConcurrencyError } from '../errors/concurrency-error.js';
import { CorruptLogError } from '../errors/corrupt-log-error.js';
import { TransactionClosedError } from '../errors/transaction-closed-error.js';
import { GENESIS_HASH } from '../hashing/event-hash.js';
import type { EventMetadata, NewEvent, RecordedEvent } from '../model/event.js';
import type { EventCodec } from '../model/event-codec.js';
import type { LogTransaction } from '../model/event-log.port.js';
import { feedCursor } from '../model/feed-cursor.js';
import { chainEvents, encodeEvents, type PreparedEvent } from '../model/prepare-events.js';
import { recogniseRepeat } from '../model/recognise-repeat.js';
import { streamKey, type StreamId } from '../model/stream-id.js';
import type { MemoryStore, SqlAnswer, StoredEvent } from './memory-store.js';

type TransactionParts = {
  readonly codec: EventCodec;
  readonly now: Date;
  readonly query?: SqlAnswer;
};

/** Gathers appends; the fake log adds them when the work has succeeded. */
export class InMemoryTransaction implements LogTransaction {
  readonly appended: PreparedEvent[] = [];
  private readonly locked: ReadonlySet<string>;
  private open = true;

  constructor(
    private readonly store: MemoryStore,
    streams: readonly StreamId[],
    private readonly parts: TransactionParts,
  ) {
    this.locked = new Set(streams.map(streamKey));
  }

  /** A stored event as its readers see it. */
  static recorded(event: StoredEvent, codec: EventCodec): RecordedEvent {
    const { data, metadata, ...rest } = event;
    return {
      ...rest,
      data: decode(codec, event, JSON.parse(data) as unknown),
      metadata: JSON.parse(metadata) as EventMetadata,
    };
  }

  version(stream: StreamId): number {
    return this.rowsOf(stream).length;
  }

  async load(stream: StreamId, fromVersion = 1): Promise<readonly RecordedEvent[]> {
    const rows = this.rowsOf(stream).filter((row) => row.streamVersion >= fromVersion);
    return await Promise.resolve(
      rows.map((row) =>
        InMemoryTransaction.recorded(
          'cursor' in row ? row : { ...row, position: '0', cursor: feedCursor('0', '0') },
          this.parts.codec,
        ),
      ),
    );
  }

  async append(
    stream: StreamId,
    expectedVersion: number,
    events: readonly NewEvent[],
  ): Promise<void> {
    const before = this.rowsOf(stream);
    const rows = encodeEvents(stream, events, this.parts.codec);
    const known = [...this.store.events, ...this.appended];
    if (recogniseRepeat(rows, new Map(known.map((row) => [row.eventId, row])))) return;
    if (rows.length > 0 && before.length !== expectedVersion) {
      throw new ConcurrencyError(
        `Stream ${streamKey(stream)} is at version ${before.length}, not ${expectedVersion}: load it and decide again`,
        { stream: streamKey(stream), expectedVersion, actualVersion: before.length },
      );
    }
    const head = { version: before.length, hash: before.at(-1)?.hash ?? GENESIS_HASH };
    this.appended.push(...chainEvents(rows, head, this.parts.now.toISOString()));
    await Promise.resolve();
  }

  async query<R>(sql: string, params: readonly unknown[] = []): Promise<readonly R[]> {
    this.assertOpen();
    if (this.parts.query) return (await this.parts.query(sql, params)) as readonly R[];
    throw new TransactionClosedError(
      'The in-memory log has no SQL: give it a "query" option, or test this against Postgres',
    );
  }

  close(): void {
    this.open = false;
  }

  private rowsOf(stream: StreamId): readonly (StoredEvent | PreparedEvent)[] {
    this.assertOpen();
    if (!this.locked.has(streamKey(stream))) {
      throw new TransactionClosedError(
        `Stream ${streamKey(stream)} is not locked by this transaction: name it in "streams"`,
        { stream: streamKey(stream) },
      );
    }
    return [...this.store.events, ...this.appended].filter(
      ({ streamType, streamId }) => streamType === stream.type && streamId === stream.id,
    );
  }

  private assertOpen(): void {
    if (this.open) return;
    throw new TransactionClosedError('This transaction has ended: await everything inside "work"');
  }
}

function decode(codec: EventCodec, event: StoredEvent, data: unknown): unknown {
  try {
    return codec.decode({ type: event.type, schemaVersion: event.schemaVersion, data });
  } catch (cause) {
    throw new CorruptLogError(
      `Event ${event.type} v${event.schemaVersion} at position ${event.position} cannot be read`,
      { position: event.position, type: event.type, schemaVersion: event.schemaVersion },
      { cause },
    );
  }
}
