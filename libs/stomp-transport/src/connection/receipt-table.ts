import { StompError } from '../stomp-error.js';

interface Pending {
  readonly deadline: number;
  readonly what: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const SWEEP_MS = 250;

/**
 * Who waits for which RECEIPT on one connection. stompit forgets its own waiters when the connection ends and knows no time limit;
 * here each waiter is settled exactly once. One timer serves all of them.
 */
export class ReceiptTable {
  private readonly pending = new Map<string, Pending>();
  private nextId = 1;
  private timer: NodeJS.Timeout | undefined;

  /** Registers a waiter and returns the receipt id to put on the frame. */
  add(
    what: string,
    timeoutMs: number,
    resolve: () => void,
    reject: (error: Error) => void,
  ): string {
    const id = String(this.nextId++);
    this.pending.set(id, { deadline: Date.now() + timeoutMs, what, resolve, reject });
    this.timer ??= setTimeout(() => this.sweep(), SWEEP_MS).unref();
    return id;
  }

  /** A RECEIPT arrived; one that nobody waits for any more is ignored. */
  confirm(id: string): void {
    this.take(id)?.resolve();
  }

  /** Takes the waiter of a frame the broker refused out of the table, so that it can be told why. */
  refuse(id: string): ((error: Error) => void) | undefined {
    return this.take(id)?.reject;
  }

  /** The connection is over: nobody will be confirmed any more. */
  failAll(reason: string): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    const waiters = [...this.pending.values()];
    this.pending.clear();
    for (const { what, reject } of waiters) {
      reject(
        new StompError(
          'unavailable',
          `${what} was not confirmed: ${reason}. The broker may or may not have it; send it again.`,
          { code: 'stomp.connection-lost' },
        ),
      );
    }
  }

  private take(id: string): Pending | undefined {
    const waiter = this.pending.get(id);
    if (waiter !== undefined) this.pending.delete(id);
    return waiter;
  }

  private sweep(): void {
    const now = Date.now();
    for (const [id, { deadline, what, reject }] of this.pending) {
      if (deadline > now) continue;
      this.pending.delete(id);
      reject(
        new StompError(
          'unavailable',
          `${what} got no RECEIPT in time. The broker is stuck or its store is full; it may or may not have the message.`,
          { code: 'stomp.receipt-timeout' },
        ),
      );
    }
    this.timer =
      this.pending.size === 0 ? undefined : setTimeout(() => this.sweep(), SWEEP_MS).unref();
  }
}
