import type { Writable } from 'node:stream';

/** A frame on its way out: stompit's own frames are streams, this one is written when it ends. */
export interface OutgoingFrame {
  on(event: 'error', listener: (error: Error) => void): this;
  end(body?: string | Uint8Array): void;
}

type Escape = (text: string) => string;

const SPECIAL = /[\\\r\n:]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\r': '\\r',
  '\n': '\\n',
  ':': '\\c',
};
const plain: Escape = (text) => text;
const escaped: Escape = (text) =>
  SPECIAL.test(text) ? text.replace(/[\\\r\n:]/g, (character) => ESCAPES[character] ?? '') : text;

/**
 * Writes frames in stompit's stead (its option `outgoingFrameStream`). stompit gives a frame to the socket in three pieces and
 * waits for the last before it begins the next frame: three packets and three system calls, each of which the broker reads by
 * itself. Here all frames of one turn of the event loop leave together.
 */
export class FrameWriter {
  /** CONNECT is never escaped; what comes after CONNECTED is. */
  private escape: Escape = plain;
  private finished = false;
  private corked = false;

  constructor(private readonly socket: Pick<Writable, 'on' | 'write' | 'cork' | 'uncork'>) {
    for (const event of ['error', 'close', 'finish']) socket.on(event, () => this.finish());
  }

  /** stompit tells it the version the broker chose; we ask for 1.2 only. */
  setVersion(version: string): boolean {
    this.escape = version === '1.2' ? escaped : plain;
    return true;
  }

  frame(command: string, headers: Readonly<Record<string, unknown>>): OutgoingFrame {
    let onError: (error: Error) => void = () => undefined;
    const frame: OutgoingFrame = {
      on: (_event, listener) => {
        onError = listener;
        return frame;
      },
      end: (body) => {
        if (this.finished) onError(new Error('the connection is closed for writing'));
        else this.write(this.head(command, headers), body);
      },
    };
    return frame;
  }

  heartbeat(): void {
    this.socket.write('\n');
  }

  /** Nothing can be written any more. */
  finish(): void {
    this.finished = true;
  }

  hasFinished(): boolean {
    return this.finished;
  }

  private head(command: string, headers: Readonly<Record<string, unknown>>): string {
    let text = `${command}\n`;
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined || value === null) continue;
      text += `${this.escape(name)}:${this.escape(typeof value === 'string' ? value : JSON.stringify(value))}\n`;
    }
    return `${text}\n`;
  }

  private write(head: string, body: string | Uint8Array = ''): void {
    this.holdUntilEndOfTurn();
    if (typeof body === 'string') {
      this.socket.write(`${head}${body}\0\n`);
      return;
    }
    this.socket.write(head);
    this.socket.write(body);
    this.socket.write('\0\n');
  }

  private holdUntilEndOfTurn(): void {
    if (this.corked) return;
    this.corked = true;
    this.socket.cork();
    setImmediate(() => {
      this.corked = false;
      this.socket.uncork();
    });
  }
}
