import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { unreachable, unreadable } from '../../ports/lb-error.js';

/** Where HAProxy listens for commands. */
export type Endpoint = { readonly path: string } | { readonly host: string; readonly port: number };

/** How a socket behaves; the defaults suit a HAProxy on the same machine. */
export interface RuntimeSocketOptions {
  readonly timeoutMs?: number;
  readonly attempts?: number;
  readonly maxAnswerBytes?: number;
}

/** Seen under load and during reloads; HAProxy is there again a moment later. */
const PASSING = new Set(['EAGAIN', 'ECONNRESET', 'ECONNREFUSED', 'ENOENT', 'EPIPE']);

/**
 * HAProxy's Runtime API: one command per connection, the answer ends with the connection. One command at a time, since
 * HAProxy serves ten and lets the eleventh hang.
 */
export class RuntimeSocket {
  private last: Promise<unknown> = Promise.resolve();
  private readonly timeoutMs: number;
  private readonly attempts: number;
  private readonly maxAnswerBytes: number;

  constructor(
    private readonly device: string,
    private readonly endpoint: Endpoint,
    options: RuntimeSocketOptions = {},
  ) {
    this.timeoutMs = options.timeoutMs ?? 3_000;
    this.attempts = options.attempts ?? 4;
    this.maxAnswerBytes = options.maxAnswerBytes ?? 16 * 1024 * 1024;
  }

  /** Says a command that may safely be said twice, and returns the whole answer. */
  ask(command: string): Promise<string> {
    const answer = this.last.then(() => this.persist(command));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async persist(command: string): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(command);
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (attempt >= this.attempts) throw unreachable(this.device, error.code, error);
        await delay(20 * 2 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  private once(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.endpoint);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        socket.destroy();
        settle();
      };
      const fail = (error: Error): void => end(() => reject(error));
      const timer = setTimeout(
        () => fail(unreachable(this.device, `no answer within ${this.timeoutMs} ms`)),
        this.timeoutMs,
      );
      this.collect(socket, (answer) => end(() => resolve(answer)), fail);
      socket.end(`${command}\n`);
    });
  }

  private collect(
    socket: Socket,
    done: (answer: string) => void,
    fail: (error: Error) => void,
  ): void {
    const chunks: Buffer[] = [];
    let size = 0;
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > this.maxAnswerBytes)
        fail(unreadable(this.device, `more than ${this.maxAnswerBytes} bytes`));
    });
    socket.on('error', (error) => {
      fail(isPassing(error) ? error : unreachable(this.device, error.message, error));
    });
    // Every answer has at least a newline: nothing at all means that the worker went away before it answered.
    socket.on('end', () => {
      if (size === 0) fail(Object.assign(new Error('empty answer'), { code: 'ECONNRESET' }));
      else done(Buffer.concat(chunks).toString('utf8'));
    });
  }
}

// By shape and not by class: errors of Node's core are of another realm in some hosts (test runners, vm contexts).
function isPassing(error: unknown): error is { readonly code: string } {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return PASSING.has(String(error.code));
}
