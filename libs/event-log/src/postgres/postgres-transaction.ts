import { ConcurrencyError } from '../errors/concurrency-error.js';
import { TransactionClosedError } from '../errors/transaction-closed-error.js';
import { canonicalJson } from '../hashing/canonical-json.js';
import { GENESIS_HASH } from '../hashing/event-hash.js';
import type { NewEvent, RecordedEvent } from '../model/event.js';
import type { EventCodec } from '../model/event-codec.js';
import type { LogTransaction } from '../model/event-log.port.js';
import type { FeedCursor } from '../model/feed-cursor.js';
import {
  chainEvents,
  encodeEvents,
  type EncodedRow,
  type PreparedEvent,
} from '../model/prepare-events.js';
import { recogniseRepeat } from '../model/recognise-repeat.js';
import { streamKey, type StreamId } from '../model/stream-id.js';
import { appendEvents } from '../sql/append-events.js';
import { findEvents } from '../sql/find-events.js';
import type { StreamHead } from '../sql/read-head.js';
import { readStream } from '../sql/read-stream.js';
import type { SqlRunner } from '../sql/sql-runner.js';
import { recordedEvent } from './recorded-event.js';
import { statementName } from './statement-name.js';

type Head = { readonly version: number; readonly hash: string };

/**
 * What a transaction stands on. `now`: the database's clock under the locks; absent when nothing is locked.
 * `careful`: look for event ids before appending, as the last try met one.
 */
export type TransactionBasis = {
  readonly sql: SqlRunner;
  readonly codec: EventCodec;
  readonly careful: boolean;
  readonly now: Date | undefined;
};

/** Gathers appends while the work decides; they are written in one statement together with the commit. */
export class PostgresTransaction implements LogTransaction {
  private readonly heads = new Map<string, Head>();
  private pending: PreparedEvent[] = [];
  private open = true;
  private cursor: FeedCursor | undefined;

  constructor(
    private readonly basis: TransactionBasis,
    streams: readonly StreamId[],
    heads: readonly StreamHead[],
  ) {
    for (const [index, stream] of streams.entries()) {
      const head = heads[index];
      if (head === undefined) continue;
      this.heads.set(streamKey(stream), {
        version: head.version,
        hash: head.hash ?? GENESIS_HASH,
      });
    }
  }

  /** The place of the last event written so far. */
  get lastCursor(): FeedCursor | undefined {
    return this.cursor;
  }

  version(stream: StreamId): number {
    return this.headOf(stream).version;
  }

  async load(stream: StreamId, fromVersion = 1): Promise<readonly RecordedEvent[]> {
    const { version } = this.headOf(stream);
    if (fromVersion > version) return [];
    await this.flush();
    const rows = await readStream(this.basis.sql, stream, fromVersion);
    return rows.map((row) => recordedEvent(row, this.basis.codec));
  }

  async append(
    stream: StreamId,
    expectedVersion: number,
    events: readonly NewEvent[],
  ): Promise<void> {
    const head = this.headOf(stream);
    if (events.length === 0) return;
    const rows = encodeEvents(stream, events, this.basis.codec);
    const moved = head.version !== expectedVersion;
    if ((moved || this.basis.careful) && (await this.isRepeat(rows))) return;
    if (moved) {
      throw new ConcurrencyError(
        `Stream ${streamKey(stream)} is at version ${head.version}, not ${expectedVersion}: load it and decide again`,
        { stream: streamKey(stream), expectedVersion, actualVersion: head.version },
      );
    }
    const prepared = chainEvents(rows, head, this.recordedAt());
    this.pending.push(...prepared);
    const last = prepared.at(-1);
    if (last) this.heads.set(streamKey(stream), { version: last.streamVersion, hash: last.hash });
  }

  async query<R>(sql: string, params: readonly unknown[] = []): Promise<readonly R[]> {
    this.assertOpen();
    const name = statementName(sql);
    const statement = { text: sql, values: [...params], ...(name === undefined ? {} : { name }) };
    const { rows } = await this.basis.sql.query(statement);
    return rows as R[];
  }

  /** Writes what has been appended so far. */
  async flush(): Promise<void> {
    if (this.pending.length === 0) return;
    const events = this.pending;
    this.pending = [];
    this.cursor = await appendEvents(this.basis.sql, events);
  }

  /** Makes the transaction unusable: whoever kept it would write into somebody else's. */
  close(): void {
    this.open = false;
  }

  private async isRepeat(rows: readonly EncodedRow[]): Promise<boolean> {
    const known = new Map<string, EncodedRow>(this.pending.map((row) => [row.eventId, row]));
    const ids = rows.map((row) => row.eventId);
    for (const row of await findEvents(this.basis.sql, ids)) {
      known.set(row.event_id, {
        streamType: row.stream_type,
        streamId: row.stream_id,
        eventId: row.event_id,
        type: row.type,
        schemaVersion: row.schema_version,
        data: canonicalJson(row.data),
        metadata: '',
      });
    }
    return recogniseRepeat(rows, known);
  }

  private recordedAt(): string {
    if (this.basis.now) return this.basis.now.toISOString();
    throw new TransactionClosedError('A transaction without streams cannot append');
  }

  private headOf(stream: StreamId): Head {
    this.assertOpen();
    const head = this.heads.get(streamKey(stream));
    if (head) return head;
    throw new TransactionClosedError(
      `Stream ${streamKey(stream)} is not locked by this transaction: name it in "streams"`,
      { stream: streamKey(stream) },
    );
  }

  private assertOpen(): void {
    if (this.open) return;
    throw new TransactionClosedError('This transaction has ended: await everything inside "work"');
  }
}
