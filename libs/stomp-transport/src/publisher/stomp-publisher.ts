import type { Observable } from 'rxjs';
import type { ConnectionOptions } from '../connection/connection-options.js';
import { StompConnection, type ConnectionStatus } from '../connection/stomp-connection.js';
import type { StompLink } from '../connection/stomp-link.js';
import { Fifo } from '../fifo.js';
import { StompError } from '../stomp-error.js';
import { silentLogger, type StompLogger } from '../stomp-logger.js';
import { pause } from '../timing.js';
import { toSendHeaders, type OutgoingMessage } from './outgoing-message.js';

/** How a publisher reaches the broker and how long it is patient. */
export interface PublisherOptions extends ConnectionOptions {
  /** How many messages may be unconfirmed at once; further callers wait. Default 64. */
  readonly window?: number;
  /** How long one message may wait for its RECEIPT. Default 5 s. */
  readonly receiptTimeoutMs?: number;
  /** How long a message waits for a lost connection to come back. Default 5 s. */
  readonly reconnectWaitMs?: number;
  /** Larger bodies are refused here. Default 2,000,000: a frame over the broker's limit ends the connection for everybody on it. */
  readonly maxBodyBytes?: number;
  readonly logger?: StompLogger;
}

/** Half of the default window: while the disk writes one transaction, the next is on its way. */
const MAX_TOGETHER = 32;
/** The broker keeps a transaction in memory until it is committed. */
const MAX_BYTES_TOGETHER = 500_000;

interface Waiting {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
  readonly since: number;
  /** Not with others: one of those it was sent with was refused, and the broker does not say which. */
  readonly alone: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Publishes messages in the order of the calls and says of each whether the broker has it. */
export class StompPublisher {
  private readonly connection: StompConnection;
  private readonly waiting = new Fifo<Waiting>();
  private readonly window: number;
  private readonly receiptTimeoutMs: number;
  private readonly reconnectWaitMs: number;
  private readonly maxBodyBytes: number;
  private inFlight = 0;
  private closed = false;
  private pumping = false;
  private patience: NodeJS.Timeout | undefined;
  private onIdle: () => void = () => undefined;

  constructor(options: PublisherOptions) {
    this.window = options.window ?? 64;
    this.receiptTimeoutMs = options.receiptTimeoutMs ?? 5_000;
    this.reconnectWaitMs = options.reconnectWaitMs ?? 5_000;
    this.maxBodyBytes = options.maxBodyBytes ?? 2_000_000;
    this.connection = new StompConnection(options, {
      purpose: 'publish',
      logger: options.logger ?? silentLogger,
      onLink: () => Promise.resolve(),
      onConnected: () => this.pump(),
      onLost: () => this.startPatience(),
    });
  }

  get status(): Observable<ConnectionStatus> {
    return this.connection.status;
  }

  get connected(): boolean {
    return this.connection.link !== undefined;
  }

  /** Why it is not connected; `undefined` when it is. */
  get problem(): string | undefined {
    return this.connection.problem;
  }

  /** Starts connecting; returns whether it was connected within `waitMs`. */
  open(waitMs = 0): Promise<boolean> {
    return this.connection.open(waitMs);
  }

  /**
   * Resolves when the broker confirmed the message (for a persistent one: stored it). Rejects with a `StompError`: `invalid` before
   * anything was sent, `rejected` when the broker will not take it, `unavailable` when it is worth trying again.
   *
   * Persistent messages that are published in one go travel in one transaction: it costs the broker a third of what they cost
   * one by one.
   */
  publish(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(closedError());
        return;
      }
      const headers = toSendHeaders(message);
      assertSize(Number(headers['content-length']), this.maxBodyBytes);
      const { body } = message;
      this.waiting.push({ headers, body, since: Date.now(), alone: false, resolve, reject });
      if (this.connection.link === undefined) this.startPatience();
      else this.pumpSoon();
    });
  }

  /** Takes no more, waits up to `limitMs` for what was accepted, then disconnects. */
  async close(limitMs = 5_000): Promise<void> {
    this.closed = true;
    if (this.connected && this.inFlight + this.waiting.size > 0) {
      const stop = new AbortController();
      this.onIdle = () => stop.abort();
      await pause(limitMs, stop.signal);
    }
    clearTimeout(this.patience);
    for (const { reject } of this.waiting.drain()) reject(closedError());
    await this.connection.close();
  }

  /** When the present code has published all it wants to: what is published together shall travel together. */
  private pumpSoon(): void {
    if (this.pumping) return;
    this.pumping = true;
    queueMicrotask(() => {
      this.pumping = false;
      this.pump();
    });
  }

  private pump(): void {
    const link = this.connection.link;
    while (link?.alive === true && this.inFlight < this.window) {
      // One that may be bad goes when nothing is under way that it could take along, and nothing follows it.
      if (this.waiting.peek()?.alone === true && this.inFlight > 0) return;
      const batch = this.nextBatch(Math.min(this.window - this.inFlight, MAX_TOGETHER));
      if (batch.length === 0) return;
      this.send(link, batch);
    }
  }

  /** The first in line, and behind it as many as may share its transaction. */
  private nextBatch(most: number): readonly Waiting[] {
    const first = this.waiting.shift();
    if (first === undefined) return [];
    const batch = [first];
    let bytes = bytesOf(first);
    if (!sharesTransaction(first)) return batch;
    for (let next = this.waiting.peek(); next !== undefined; next = this.waiting.peek()) {
      bytes += bytesOf(next);
      if (batch.length >= most || bytes > MAX_BYTES_TOGETHER || !sharesTransaction(next)) break;
      this.waiting.shift();
      batch.push(next);
    }
    return batch;
  }

  private send(link: StompLink, batch: readonly Waiting[]): void {
    const [first] = batch;
    const slots = first?.alone === true ? this.window : batch.length;
    this.inFlight += slots;
    const confirmed = (): void => {
      for (const { resolve } of batch) resolve();
      this.settled(slots);
    };
    const failed = (error: Error): void => {
      // The broker reads nothing behind what it cannot store: on this connection each further try would only wait with the first, and
      // all of them be stored when there is room again.
      if (isTimeout(error)) link.destroy(error);
      if (batch.length > 1 && link.endedByRefusal) this.sendAgainAlone(batch);
      else for (const { reject } of batch) reject(error);
      this.settled(slots);
    };
    if (batch.length > 1 || first === undefined) {
      link.sendTogether(batch, this.receiptTimeoutMs, confirmed, failed);
      return;
    }
    const { headers, body } = first;
    link.sendConfirmed(
      { command: 'SEND', headers, body },
      this.receiptTimeoutMs,
      confirmed,
      failed,
    );
  }

  private settled(slots: number): void {
    this.inFlight -= slots;
    this.pump();
    if (this.inFlight + this.waiting.size === 0) this.onIdle();
  }

  /** The broker refused a frame, perhaps one of these: each by itself, so that only the bad one fails. */
  private sendAgainAlone(batch: readonly Waiting[]): void {
    this.waiting.unshift(batch.map((each) => ({ ...each, since: Date.now(), alone: true })));
    this.startPatience();
  }

  /** While there is no connection, those who have waited long enough are told so. One timer for all: the first in is the first out. */
  private startPatience(): void {
    if (this.waiting.size === 0) return;
    this.patience ??= setTimeout(() => this.giveUpWaiting(), this.reconnectWaitMs);
  }

  private giveUpWaiting(): void {
    this.patience = undefined;
    if (this.connection.link !== undefined || this.closed) return;
    const old = Date.now() - this.reconnectWaitMs;
    for (
      let first = this.waiting.peek();
      first !== undefined && first.since <= old;
      first = this.waiting.peek()
    ) {
      this.waiting.shift();
      first.reject(
        new StompError(
          'unavailable',
          `No broker could be reached within ${this.reconnectWaitMs} ms; nothing was sent.`,
          {
            code: 'stomp.no-connection',
          },
        ),
      );
    }
    const next = this.waiting.peek();
    if (next !== undefined)
      this.patience = setTimeout(() => this.giveUpWaiting(), Math.max(10, next.since - old));
  }
}

function sharesTransaction({ headers, alone }: Waiting): boolean {
  return !alone && headers['persistent'] === 'true';
}

function isTimeout(error: Error): boolean {
  return error instanceof StompError && error.code === 'stomp.receipt-timeout';
}

function bytesOf({ headers }: Waiting): number {
  return Number(headers['content-length']);
}

function assertSize(bytes: number, limit: number): void {
  if (bytes <= limit) return;
  throw new StompError(
    'invalid',
    `Message not sent: its body has ${bytes} bytes, at most ${limit} are allowed. Store it elsewhere and send where it is.`,
    { code: 'stomp.body-too-large' },
  );
}

function closedError(): StompError {
  return new StompError('unavailable', 'The publisher is closed; nothing was sent.', {
    code: 'stomp.closed',
  });
}
