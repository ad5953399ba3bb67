import { setMaxListeners } from 'node:events';
import { StompError, messageOf } from '../stomp-error.js';
import { ReceiptTable } from './receipt-table.js';
import type { StompitClient, StompitFrame } from './stompit.js';

/** A MESSAGE frame with its whole body. */
export interface ReceivedFrame {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A SEND frame. */
export interface SendFrame {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const DISCONNECT_LIMIT_MS = 2_000;
const CONFIRM_LIMIT_MS = 10_000;
/** What the broker says when it will say the same next time; "rollback only" to a COMMIT behind a frame it refused. */
const FINAL_REFUSAL =
  /not authori[sz]ed|access denied|maximum frame size|invalid destination|unsupported|rollback only/i;

/** One live connection to a broker, from CONNECTED to its end. It never comes back: the next one is another link. */
export class StompLink {
  private readonly receipts = new ReceiptTable();
  private transactions = 0;
  private refused = false;
  private readonly ending = new AbortController();

  /** Resolves with the reason when the connection has ended. */
  readonly ended: Promise<string>;
  private resolveEnded: (reason: string) => void = () => undefined;

  constructor(
    private readonly client: StompitClient,
    readonly epoch: number,
    readonly uri: string,
  ) {
    setMaxListeners(0, this.ending.signal);
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
    client.on('error', (error: Error) => this.end(messageOf(error)));
    client.on('end', () => this.end('the connection was closed'));
    client.setCommandHandler('RECEIPT', (frame) => {
      frame.resume();
      this.receipts.confirm(header(frame, 'receipt-id'));
    });
    client.setCommandHandler('ERROR', (frame) => this.onError(frame));
  }

  /** The broker ended this connection over a frame that it will never take. */
  get endedByRefusal(): boolean {
    return this.refused;
  }

  get alive(): boolean {
    return !this.ending.signal.aborted;
  }

  /** Aborted when the connection ends: whoever works on a message of this link loses it to a redelivery. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** Sends a frame nobody waits for. */
  send(command: string, headers: Readonly<Record<string, string>>): void {
    if (this.alive) this.client.sendFrame(command, { ...headers }).end();
  }

  /** Sends a frame and calls back once: when the broker confirmed it, refused it, or the connection ended. */
  sendConfirmed(
    frame: {
      readonly command: string;
      readonly headers: Record<string, string>;
      readonly body?: string | Uint8Array;
    },
    timeoutMs: number,
    resolve: () => void,
    reject: (error: Error) => void,
  ): void {
    const what = `${frame.command} to ${frame.headers['destination'] ?? this.uri}`;
    const receipt = this.receipts.add(what, timeoutMs, resolve, reject);
    if (!this.alive) {
      this.receipts.failAll('the connection had ended');
      return;
    }
    this.client.sendFrame(frame.command, { ...frame.headers, receipt }).end(frame.body);
  }

  /**
   * Sends messages that the broker takes all together or not at all, in their order, and calls back once for all of them. In a
   * transaction the broker's store waits for the disk once, not once for each message.
   */
  sendTogether(
    frames: readonly SendFrame[],
    timeoutMs: number,
    resolve: () => void,
    reject: (error: Error) => void,
  ): void {
    this.transactions += 1;
    const transaction = `t${this.transactions}`;
    this.send('BEGIN', { transaction });
    for (const { headers, body } of frames) {
      if (this.alive) this.client.sendFrame('SEND', { ...headers, transaction }).end(body);
    }
    this.sendConfirmed({ command: 'COMMIT', headers: { transaction } }, timeoutMs, resolve, reject);
  }

  /** `sendConfirmed` as a promise. */
  confirmed(
    command: string,
    headers: Record<string, string>,
    body?: string | Uint8Array,
    timeoutMs = CONFIRM_LIMIT_MS,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sendConfirmed(
        { command, headers, ...(body === undefined ? {} : { body }) },
        timeoutMs,
        resolve,
        reject,
      );
    });
  }

  /** Subscribes and resolves when the broker confirmed it: from then on the queue exists. */
  async subscribe(
    headers: Readonly<Record<string, string>> & { readonly id: string; readonly ack: string },
    listener: (frame: ReceivedFrame) => void,
  ): Promise<void> {
    this.client.setImplicitSubscription(headers.id, headers.ack, (error, frame) => {
      if (error === null && frame !== undefined) collect(frame, listener);
    });
    await this.confirmed('SUBSCRIBE', { ...headers });
  }

  /** Says good-bye and waits for the answer, but not for ever; the connection is over in any case. */
  async disconnect(): Promise<void> {
    if (!this.alive) return;
    await this.confirmed('DISCONNECT', {}, undefined, DISCONNECT_LIMIT_MS).catch(() => undefined);
    this.destroy();
  }

  /** Ends the connection at once. */
  destroy(error?: Error): void {
    this.client.destroy(error);
  }

  /** The broker closes the connection after any ERROR; it names the frame that caused it, so only that one is to blame. */
  private onError(frame: StompitFrame): void {
    collect(frame, ({ headers, body }) => {
      const said = headers['message'] ?? body.toString('utf8').slice(0, 500);
      const kind = FINAL_REFUSAL.test(said) ? 'rejected' : 'unavailable';
      const error = new StompError(kind, `The broker ${this.uri} refused a frame: ${said}.`, {
        code: kind === 'rejected' ? 'stomp.refused' : 'stomp.broker-error',
      });
      this.refused = kind === 'rejected';
      const refuse = this.receipts.refuse(headers['receipt-id'] ?? '');
      this.end(error.message, () => refuse?.(error));
      this.destroy(error);
    });
  }

  /** Nobody sends on this link any more; the one to blame is told first, then the others. */
  private end(reason: string, tellCulprit?: () => void): void {
    if (!this.alive) return;
    const why = reason.replace(/\.$/, '');
    this.ending.abort(
      new StompError('unavailable', `Connection to ${this.uri} ended: ${why}.`, {
        code: 'stomp.connection-lost',
      }),
    );
    tellCulprit?.();
    this.receipts.failAll(why);
    this.resolveEnded(why);
  }
}

/** Reads the body at once: stompit parses the next frame (also receipts and heart-beats) only after this one was read. */
function collect(frame: StompitFrame, done: (frame: ReceivedFrame) => void): void {
  const chunks: Buffer[] = [];
  frame.on('data', (chunk: Buffer) => chunks.push(chunk));
  frame.on('end', () => {
    done({
      headers: texts(frame.headers),
      body: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks),
    });
  });
}

/** stompit turns this one header into a number. */
function texts(headers: StompitFrame['headers']): Record<string, string> {
  const length = headers['content-length'];
  const copy = { ...headers } as Record<string, string>;
  if (length !== undefined) copy['content-length'] = String(length);
  return copy;
}

function header(frame: StompitFrame, name: string): string {
  return String(frame.headers[name] ?? '');
}
