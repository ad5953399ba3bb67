import type { StompitClient, StompitFrame } from './stompit.js';

/** A message as received. `ack` works on the connection it came from and does nothing on another. */
export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly ack: () => void;
}

/** A queue to consume. */
export interface Queue {
  readonly destination: string;
  readonly prefetch: number;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

const RECEIPT_LIMIT_MS = 15_000;

/** One live connection, from CONNECTED to its end. */
export class Link {
  private readonly waiters = new Map<string, Waiter>();
  private nextReceipt = 1;
  private over = false;
  readonly ended: Promise<string>;

  constructor(
    private readonly client: StompitClient,
    readonly uri: string,
  ) {
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        if (this.over) return;
        this.over = true;
        this.failWaiters(reason);
        resolve(reason);
      };
      client.on('error', (error: Error) => end(error.message));
      client.on('end', () => end('the connection was closed'));
    });
    client.setCommandHandler('RECEIPT', (frame) => {
      frame.resume();
      this.take(String(frame.headers['receipt-id'] ?? ''))?.resolve();
    });
    client.setCommandHandler('ERROR', (frame) => {
      collect(frame, (headers, body) => {
        this.close(new Error(headers['message'] ?? body.toString('utf8', 0, 300)));
      });
    });
  }

  get alive(): boolean {
    return !this.over;
  }

  /** Sends and waits for the broker's word that it has it. */
  confirmed(
    command: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.over) {
        reject(new Error('the connection has ended'));
        return;
      }
      const receipt = String(this.nextReceipt++);
      const timer = setTimeout(() => {
        this.take(receipt)?.reject(new Error(`no receipt within ${RECEIPT_LIMIT_MS} ms`));
      }, RECEIPT_LIMIT_MS);
      this.waiters.set(receipt, { resolve, reject, timer });
      this.client.sendFrame(command, { ...headers, receipt }).end(body);
    });
  }

  /** Sends what may be lost. */
  send(command: string, headers: Readonly<Record<string, string>>, body?: string): void {
    if (!this.over) this.client.sendFrame(command, { ...headers }).end(body);
  }

  /** Consumes a queue; resolves when the broker has confirmed it, and only then does the queue surely exist. */
  subscribe(queue: Queue, onMessage: (message: Received) => void): Promise<void> {
    this.client.setImplicitSubscription('commands', 'client-individual', (error, frame) => {
      if (error !== null || frame === undefined) return;
      collect(frame, (headers, body) => {
        const id = headers['ack'] ?? '';
        onMessage({ headers, body, ack: () => this.send('ACK', { id }) });
      });
    });
    return this.confirmed('SUBSCRIBE', {
      id: 'commands',
      ack: 'client-individual',
      destination: queue.destination,
      'activemq.prefetchSize': String(queue.prefetch),
      // A forgotten second listener of this host would eat every other command.
      'activemq.exclusive': 'true',
    });
  }

  close(error?: Error): void {
    this.client.destroy(error);
  }

  private take(receipt: string): Waiter | undefined {
    const waiter = this.waiters.get(receipt);
    this.waiters.delete(receipt);
    clearTimeout(waiter?.timer);
    return waiter;
  }

  /** stompit forgets who waits when a connection ends. */
  private failWaiters(reason: string): void {
    for (const id of [...this.waiters.keys()]) this.take(id)?.reject(new Error(reason));
  }
}

/** Reads a body at once: until then stompit parses neither receipts nor heart-beats. */
function collect(
  frame: StompitFrame,
  done: (headers: Readonly<Record<string, string>>, body: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  frame.on('data', (chunk: Buffer) => chunks.push(chunk));
  frame.on('end', () => {
    const headers = Object.entries(frame.headers).map(([name, value]) => [name, String(value)]);
    done(Object.fromEntries(headers) as Record<string, string>, Buffer.concat(chunks));
  });
}
