import type { Pool } from 'pg';
import type { RecordedEvent } from '../model/event.js';
import { passThroughCodec, type EventCodec } from '../model/event-codec.js';
import type { FeedCursor } from '../model/feed-cursor.js';
import { inTransaction } from '../postgres/in-transaction.js';
import { recordedEvent } from '../postgres/recorded-event.js';
import { Wakeable } from '../relay/wakeable.js';
import { readFeed } from '../sql/read-feed.js';
import {
  readSubscriptionCheckpoint,
  storeSubscriptionCheckpoint,
} from '../sql/subscription-checkpoint.js';
import { projectionTransaction, type ProjectionHandler } from './projection-transaction.js';
import { lockSubscription } from './lock-subscription.js';

/** How a subscription is made. Two of one name, in any processes, take turns on one checkpoint. */
export type SubscriptionOptions = {
  readonly pool: Pool;
  readonly name: string;
  readonly codec?: EventCodec;
  /**
   * Writes what follows from a batch, through `tx` only: its checkpoint commits with it, so every event takes effect
   * exactly once. Keep it quick: while it has written and not committed, no reader of the feed gets past it.
   */
  readonly handler: ProjectionHandler<RecordedEvent>;
  /** @default 200 */
  readonly batchSize?: number;
  /** @default 50 */
  readonly pollMs?: number;
  /** How long to rest after a failure. @default 1000 */
  readonly retryMs?: number;
  /** Told of every failure. An event that cannot be handled stops the subscription here until it can be. */
  readonly onError?: (error: unknown) => void;
};

/** What a subscription is doing: for health and metrics. */
export type SubscriptionStatus = {
  readonly running: boolean;
  readonly cursor: FeedCursor | undefined;
  readonly handled: number;
  readonly failures: number;
  readonly lastError: string | undefined;
};

/** Feeds a projection from the log: in feed order, exactly once in effect, from its own checkpoint on. */
export class Subscription {
  private readonly rest = new Wakeable();
  private running: Promise<void> | undefined;
  private stopping = false;
  private state: SubscriptionStatus = {
    running: false,
    cursor: undefined,
    handled: 0,
    failures: 0,
    lastError: undefined,
  };

  constructor(private readonly options: SubscriptionOptions) {}

  /** Begins to read, in the background. */
  start(): void {
    this.stopping = false;
    this.running ??= this.run();
  }

  /** Says that something was committed. */
  wake(): void {
    this.rest.wake();
  }

  /** Ends after the batch in hand. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.rest.wake();
    await this.running;
    this.running = undefined;
    this.change({ running: false });
  }

  status(): SubscriptionStatus {
    return this.state;
  }

  /** Handles one batch and says how many events it had; 0 when the subscription has caught up. */
  async handleNext(): Promise<number> {
    const { pool, name, handler, batchSize = 200, codec = passThroughCodec } = this.options;
    return await inTransaction(pool, async (sql) => {
      // Not FOR UPDATE: that would give this transaction its number before it reads, and hold up every feed reader.
      const [, checkpoint] = await Promise.all([
        lockSubscription(sql, name),
        readSubscriptionCheckpoint(sql, name),
      ]);
      const rows = await readFeed(sql, checkpoint, batchSize);
      const events = rows.map((row) => recordedEvent(row, codec));
      const last = events.at(-1);
      this.change({ cursor: last?.cursor ?? checkpoint });
      if (last === undefined) return 0;
      await handler(events, projectionTransaction(sql));
      await storeSubscriptionCheckpoint(sql, name, last.cursor);
      return events.length;
    });
  }

  private async run(): Promise<void> {
    this.change({ running: true });
    while (!this.stopping) {
      try {
        const handled = await this.handleNext();
        this.change({ handled: this.state.handled + handled, failures: 0, lastError: undefined });
        if (handled === 0) await this.rest.sleep(this.options.pollMs ?? 50);
      } catch (error) {
        const lastError = error instanceof Error ? error.message : String(error);
        this.change({ failures: this.state.failures + 1, lastError });
        this.options.onError?.(error);
        await this.rest.sleep(this.options.retryMs ?? 1000);
      }
    }
  }

  private change(change: Partial<SubscriptionStatus>): void {
    this.state = { ...this.state, ...change };
  }
}

/** Makes a subscription and starts it. */
export function subscribe(options: SubscriptionOptions): Subscription {
  const subscription = new Subscription(options);
  subscription.start();
  return subscription;
}
