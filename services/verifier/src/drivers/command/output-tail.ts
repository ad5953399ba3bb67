import type { ChildProcess } from 'node:child_process';
import { settledWithin } from './settled-within.js';

/** What is kept: enough to see why, little enough to hold many. */
const KEPT_BYTES = 8_000;
const CLOSE_WAIT_MS = 1_000;

/** The end of what a program writes; calls `flooded` once when it wrote more than it may. */
export class OutputTail {
  private kept = Buffer.alloc(0);
  private written = 0;
  private readonly closed: Promise<unknown>[] = [];

  constructor(
    private readonly maxBytes: number,
    private readonly flooded: () => void,
  ) {}

  follow({ stdout, stderr }: ChildProcess): void {
    for (const stream of [stdout, stderr]) {
      if (stream === null) continue;
      stream.on('data', (chunk: Buffer) => this.take(chunk));
      this.closed.push(new Promise((resolve) => stream.once('close', resolve)));
      stream.on('error', () => undefined);
    }
  }

  /** Waits for the rest, but not for whoever holds the pipe open. */
  async end(): Promise<void> {
    await settledWithin(Promise.all(this.closed), CLOSE_WAIT_MS);
  }

  get text(): string {
    return this.kept.toString('utf8');
  }

  private take(chunk: Buffer): void {
    const before = this.written;
    this.written += chunk.length;
    this.kept = Buffer.concat([this.kept, chunk]).subarray(-KEPT_BYTES);
    if (before <= this.maxBytes && this.written > this.maxBytes) this.flooded();
  }
}
