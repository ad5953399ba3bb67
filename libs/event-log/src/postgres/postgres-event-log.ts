import type { Pool, PoolClient } from 'pg';
import type { RecordedEvent } from '../model/event.js';
import { passThroughCodec, type EventCodec } from '../model/event-codec.js';
import type { EventLog, TransactionInput, TransactionOutcome } from '../model/event-log.port.js';
import type { FeedCursor } from '../model/feed-cursor.js';
import { assertStreamId, type StreamId } from '../model/stream-id.js';
import { findEvents } from '../sql/find-events.js';
import { pruneInbox } from '../sql/prune-inbox.js';
import { readFeed } from '../sql/read-feed.js';
import { readStream } from '../sql/read-stream.js';
import { EventIdTakenError } from './event-id-taken-error.js';
import { PoolSql } from './pool-sql.js';
import { recordedEvent } from './recorded-event.js';
import { runTransaction } from './run-transaction.js';
import { isConnectionLoss } from './translate-database-error.js';

/** What the log works with: a pool made by `createLogPool`, and whoever knows the events. */
export type PostgresEventLogOptions = { readonly pool: Pool; readonly codec?: EventCodec };

/** The log on Postgres. */
export class PostgresEventLog implements EventLog {
  private readonly codec: EventCodec;
  private readonly sql: PoolSql;

  constructor(options: PostgresEventLogOptions) {
    this.codec = options.codec ?? passThroughCodec;
    this.sql = new PoolSql(options.pool);
  }

  async transact<T>(input: TransactionInput<T>): Promise<TransactionOutcome<T>> {
    input.streams.forEach(assertStreamId);
    try {
      return await this.attempt(input, false);
    } catch (error) {
      if (!(error instanceof EventIdTakenError)) throw error;
      return await this.attempt(input, true);
    }
  }

  async readStream(stream: StreamId, fromVersion = 1): Promise<readonly RecordedEvent[]> {
    assertStreamId(stream);
    const rows = await readStream(this.sql, stream, fromVersion);
    return rows.map((row) => recordedEvent(row, this.codec));
  }

  async readFeed(after: FeedCursor | undefined, limit: number): Promise<readonly RecordedEvent[]> {
    const rows = await readFeed(this.sql, after, limit);
    return rows.map((row) => recordedEvent(row, this.codec));
  }

  async findEvent(eventId: string): Promise<RecordedEvent | undefined> {
    const [row] = await findEvents(this.sql, [eventId]);
    return row && recordedEvent(row, this.codec);
  }

  async pruneInbox(olderThanMs: number): Promise<number> {
    return await pruneInbox(this.sql, olderThanMs);
  }

  private async attempt<T>(
    input: TransactionInput<T>,
    careful: boolean,
  ): Promise<TransactionOutcome<T>> {
    const client = await this.sql.connect();
    try {
      const outcome = await runTransaction(client, input, { codec: this.codec, careful });
      client.release();
      return outcome;
    } catch (error) {
      await giveBack(client, error);
      throw error;
    }
  }
}

/** Ends whatever the failed transaction left open; a connection that cannot even do that is thrown away. */
async function giveBack(client: PoolClient, error: unknown): Promise<void> {
  if (isConnectionLoss(error)) {
    client.release(true);
    return;
  }
  try {
    await client.query('ROLLBACK');
    client.release();
  } catch {
    client.release(true);
  }
}
