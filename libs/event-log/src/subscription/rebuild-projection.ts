import type { Pool } from 'pg';
import type { RecordedEvent } from '../model/event.js';
import { passThroughCodec, type EventCodec } from '../model/event-codec.js';
import type { FeedCursor } from '../model/feed-cursor.js';
import { inTransaction } from '../postgres/in-transaction.js';
import { recordedEvent } from '../postgres/recorded-event.js';
import type { EventRow } from '../sql/event-row.js';
import { readFeed } from '../sql/read-feed.js';
import { BEGIN_SCAN, scanFeed } from '../sql/scan-feed.js';
import type { SqlRunner } from '../sql/sql-runner.js';
import { storeSubscriptionCheckpoint } from '../sql/subscription-checkpoint.js';
import { lockSubscription } from './lock-subscription.js';
import {
  projectionTransaction,
  type ProjectionHandler,
  type ProjectionTransaction,
} from './projection-transaction.js';

/** How a projection is made anew beside the living one. */
export type RebuildOptions = {
  readonly pool: Pool;
  /** The subscription whose projection this is. */
  readonly name: string;
  readonly codec?: EventCodec;
  /** Makes empty tables under other names; drops what an earlier, broken-off rebuild left. */
  readonly prepare: (tx: ProjectionTransaction) => Promise<void>;
  /** As the subscription's, but into those tables. Batches commit one by one. */
  readonly handler: ProjectionHandler<RecordedEvent>;
  /** Puts the new tables in the place of the old ones. In the transaction that moves the checkpoint: all or nothing. */
  readonly switchOver: (tx: ProjectionTransaction) => Promise<void>;
  /** @default 1000 */
  readonly batchSize?: number;
};

/**
 * Rebuilds a projection from the first event, while the old one is read and fed and the log is written.
 *
 * 1. All history from one snapshot, in short transactions: one long writing transaction would hold back every reader
 *    of the feed until its end.
 * 2. What came meanwhile, batch by batch.
 * 3. With the subscription locked out: the rest, and the switch, in one transaction.
 *
 * Returns the number of events handled.
 */
export async function rebuildProjection(options: RebuildOptions): Promise<number> {
  const { pool, batchSize = 1000 } = options;
  await inTransaction(pool, (sql) => options.prepare(projectionTransaction(sql)));
  const build = new Rebuild(options);
  await inTransaction(
    pool,
    async (scan) => {
      for await (const rows of scanFeed(scan, batchSize)) await build.commitBatch(rows);
    },
    BEGIN_SCAN,
  );
  let rows = await inTransaction(pool, (sql) => readFeed(sql, build.cursor, batchSize));
  while (rows.length === batchSize) {
    await build.commitBatch(rows);
    rows = await inTransaction(pool, (sql) => readFeed(sql, build.cursor, batchSize));
  }
  await inTransaction(pool, (sql) => build.finish(sql));
  return build.handled;
}

class Rebuild {
  cursor: FeedCursor | undefined;
  handled = 0;

  constructor(private readonly options: RebuildOptions) {}

  async commitBatch(rows: readonly EventRow[]): Promise<void> {
    await inTransaction(this.options.pool, (sql) => this.handle(sql, rows));
  }

  async finish(sql: SqlRunner): Promise<void> {
    await lockSubscription(sql, this.options.name);
    // Read to the end before the first write: from then on this transaction's own number would end the feed.
    const rest = await readFeed(sql, this.cursor, Number.MAX_SAFE_INTEGER);
    await this.handle(sql, rest);
    if (this.cursor !== undefined) {
      await storeSubscriptionCheckpoint(sql, this.options.name, this.cursor);
    }
    await this.options.switchOver(projectionTransaction(sql));
  }

  private async handle(sql: SqlRunner, rows: readonly EventRow[]): Promise<void> {
    const events = toEvents(rows, this.options.codec ?? passThroughCodec);
    const last = events.at(-1);
    if (last === undefined) return;
    await this.options.handler(events, projectionTransaction(sql));
    this.cursor = last.cursor;
    this.handled += events.length;
  }
}

function toEvents(rows: readonly EventRow[], codec: EventCodec): readonly RecordedEvent[] {
  return rows.map((row) => recordedEvent(row, codec));
}
