import type { Response } from 'express';

const BEAT_MS = 10_000;
const SLOW_MS = 10_000;
const POSITION = /^[\x21-\x7e]{1,64}$/;

/** One open event stream: writes frames, says something every 10 s, and gives up a reader that does not read. */
export class SseWriter {
  private readonly beat: NodeJS.Timeout;

  constructor(private readonly response: Response) {
    response.status(200);
    response.setHeader('content-type', 'text/event-stream; charset=utf-8');
    response.setHeader('x-accel-buffering', 'no');
    response.flushHeaders();
    response.write('retry: 1000\n\n');
    this.beat = setInterval(() => this.offer(': beat\n\n'), BEAT_MS);
    response.on('close', () => clearInterval(this.beat));
    response.on('error', () => this.close());
  }

  get closed(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  /** Calls back once the reader is gone. */
  onClose(callback: () => void): void {
    this.response.once('close', callback);
  }

  /** Sends an event and waits while the reader is behind; a reader behind for too long is cut off and may resume. */
  async send(event: string, data: unknown, position?: string): Promise<void> {
    if (this.closed) return;
    const id = position !== undefined && POSITION.test(position) ? `id: ${position}\n` : '';
    const flows = this.response.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    if (!flows) await this.drained();
  }

  /** Sends what may be lost: dropped when the reader is behind. */
  offerEvent(event: string, data: unknown): void {
    this.offer(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Ends the stream. */
  close(): void {
    this.response.destroy();
  }

  private offer(frame: string): void {
    if (!this.closed && !this.response.writableNeedDrain) this.response.write(frame);
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.close(), SLOW_MS);
      const done = (): void => {
        clearTimeout(timer);
        this.response.off('drain', done);
        this.response.off('close', done);
        resolve();
      };
      this.response.on('drain', done);
      this.response.on('close', done);
    });
  }
}
