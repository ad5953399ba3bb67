import { Client } from 'pg';
import { feedCursor, type FeedCursor } from '../model/feed-cursor.js';
import { passThroughCodec } from '../model/event-codec.js';
import { ConnectionSql } from '../postgres/connection-sql.js';
import { recordedEvent } from '../postgres/recorded-event.js';
import type { EventRow } from '../sql/event-row.js';
import { tryLead } from '../sql/leadership.js';
import { readFeed } from '../sql/read-feed.js';
import { advanceRelayCheckpoint, readRelayCheckpoint } from '../sql/relay-checkpoint.js';
import type { SqlRunner } from '../sql/sql-runner.js';
import {
  compileRelayOptions,
  type CompiledRelayOptions,
  type RelayOptions,
} from './relay-options.js';
import { UnconfirmedBatches, type Confirmed } from './unconfirmed-batches.js';
import { Wakeable } from './wakeable.js';

/** What a relay is doing: for health and metrics. */
export type RelayStatus = {
  readonly role: 'stopped' | 'connecting' | 'standby' | 'leader';
  /** Events this instance has published since it was made; repeated ones count again. */
  readonly published: number;
  readonly cursor: FeedCursor | undefined;
  /** Failures since the last success: above zero means that nothing gets out. */
  readonly failures: number;
  readonly lastError: string | undefined;
};

/**
 * Publishes what is committed: at least once, in feed order, from one leader at a time.
 *
 * stopped -> connecting (start; also after every failure, with a pause that grows)
 * connecting -> standby (connected on a connection of its own)
 * standby -> leader (got the advisory lock, which the server frees when the last leader's connection is gone)
 * leader: read a batch behind the last one, publish it, and move the checkpoint over what is confirmed without a gap.
 * any -> stopped (stop; a batch being published is waited for)
 *
 * Whoever dies between confirmation and checkpoint leaves a batch that its successor publishes again.
 */
export class Relay {
  private readonly options: CompiledRelayOptions;
  private readonly rest = new Wakeable();
  /** Apart from `rest`: commits go on while the broker is down, and must not turn back-off into a busy loop. */
  private readonly pause = new Wakeable();
  private state: RelayStatus = {
    role: 'stopped',
    published: 0,
    cursor: undefined,
    failures: 0,
    lastError: undefined,
  };
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(options: RelayOptions) {
    this.options = compileRelayOptions(options);
  }

  /** Begins to compete for the job; connecting and all failures are dealt with in the background. */
  start(): void {
    this.stopping = false;
    this.running ??= this.run();
  }

  /** Says that something was committed, so that it need not wait for the next poll. */
  wake(): void {
    this.rest.wake();
  }

  /** Ends after the batch in hand, and gives leadership away. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.rest.wake();
    this.pause.wake();
    await this.running;
    this.running = undefined;
    this.change({ role: 'stopped' });
  }

  status(): RelayStatus {
    return this.state;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.connectAndWork();
      } catch (error) {
        await this.failed(error);
      }
    }
  }

  private async connectAndWork(): Promise<void> {
    this.change({ role: 'connecting' });
    const client = relayConnection(this.options.url);
    client.on('error', () => this.rest.wake());
    try {
      await client.connect();
      const sql = new ConnectionSql(client);
      this.change({ role: 'standby' });
      while (!this.stopping && !(await tryLead(sql, `relay:${this.options.name}`))) {
        await this.rest.sleep(this.options.standbyMs);
      }
      if (!this.stopping) await this.lead(sql);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async lead(sql: SqlRunner): Promise<void> {
    const cursor = await readRelayCheckpoint(sql, this.options.name);
    this.change({ role: 'leader', cursor });
    const unconfirmed = new UnconfirmedBatches(() => this.rest.wake());
    try {
      await this.pump(sql, cursor, unconfirmed);
    } finally {
      // Whoever goes on from the checkpoint must not meet what is still on its way.
      await unconfirmed.allSettled();
    }
    await this.checkpoint(sql, unconfirmed.takeConfirmed());
    unconfirmed.throwIfFailed();
  }

  /** Reads and publishes; the checkpoint follows behind the confirmations, in the round trip of the next read. */
  private async pump(
    sql: SqlRunner,
    from: FeedCursor | undefined,
    unconfirmed: UnconfirmedBatches,
  ): Promise<void> {
    const { batchSize, pollMs, maxUnconfirmed } = this.options;
    let cursor = from;
    while (!this.stopping) {
      const confirmed = unconfirmed.takeConfirmed();
      // Both in one round trip; the read first, as the feed ends at the number of a transaction that writes.
      const [batch] = await Promise.all([
        unconfirmed.size < maxUnconfirmed ? readFeed(sql, cursor, batchSize) : stillHere(sql),
        this.checkpoint(sql, confirmed),
      ]);
      unconfirmed.throwIfFailed();
      const last = batch.at(-1);
      if (last !== undefined) {
        cursor = feedCursor(last.xid, last.position);
        unconfirmed.add(cursor, batch.length, this.publish(batch));
        if (batch.length === batchSize) continue;
      } else if (unconfirmed.size === 0 && this.state.failures > 0) {
        this.change({ failures: 0, lastError: undefined });
      }
      await this.rest.sleep(pollMs);
    }
  }

  private async publish(rows: readonly EventRow[]): Promise<void> {
    const codec = this.options.codec ?? passThroughCodec;
    await this.options.publish(rows.map((row) => recordedEvent(row, codec)));
  }

  /** Remembers what has been confirmed without a gap. */
  private async checkpoint(sql: SqlRunner, confirmed: Confirmed | undefined): Promise<void> {
    if (confirmed === undefined) return;
    const { cursor, events } = confirmed;
    this.change({ published: this.state.published + events });
    await advanceRelayCheckpoint(sql, this.options.name, cursor);
    this.change({ cursor, failures: 0, lastError: undefined });
  }

  private async failed(error: unknown): Promise<void> {
    const failures = this.state.failures + 1;
    const lastError = error instanceof Error ? error.message : String(error);
    this.change({ failures, lastError });
    this.options.onError?.(error);
    if (this.stopping) return;
    const { backoffMs, maxBackoffMs } = this.options;
    const longest = Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(failures - 1, 20));
    await this.pause.sleep(longest * (0.5 + Math.random() / 2));
  }

  private change(change: Partial<RelayStatus>): void {
    this.state = { ...this.state, ...change };
  }
}

/** Nothing can be handed on at present; the server must hear all the same that the leader lives. */
async function stillHere(sql: SqlRunner): Promise<readonly EventRow[]> {
  await sql.query({ text: 'SELECT 1', values: [] });
  return [];
}

/**
 * A leader whose machine vanished must lose its lock within seconds, so the server probes this connection; and one whose
 * process was stopped answers probes and does nothing, so a session that asks nothing for ten seconds is ended. The
 * checkpoint need not survive a power cut (its loss only repeats a batch), so it does not wait for the disk.
 */
function relayConnection(url: string): Client {
  return new Client({
    connectionString: url,
    application_name: 'gantry-relay',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    options:
      '-c synchronous_commit=off -c idle_session_timeout=10000 -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3',
  });
}
