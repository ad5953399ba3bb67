import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { CONFIG } from '@gantry/service-kit';
import type { GatewayConfig } from '../config.js';
import { ProblemException } from '../http/problem.js';
import type { SseWriter } from './sse-writer.js';
import { Waker } from './waker.js';

/** One reader of events: of one stream of the log, or of all when `stream` is undefined. */
export interface OpenStream {
  readonly stream: string | undefined;
  readonly writer: SseWriter;
  readonly waker: Waker;
}

/** The event streams that are open; hears of news and wakes those it concerns. */
@Injectable()
export class StreamRegistry implements BeforeApplicationShutdown {
  private readonly open = new Set<OpenStream>();

  constructor(@Inject(CONFIG) private readonly config: GatewayConfig) {}

  get size(): number {
    return this.open.size;
  }

  /** Refuses when as many are open as may be. */
  assertRoom(): void {
    if (this.open.size < this.config.GANTRY_MAX_STREAMS) return;
    throw new ProblemException({
      status: 503,
      code: 'streams.too-many',
      detail: `This gateway has ${this.open.size} event streams open and takes no more.`,
      todo: 'Close some, or ask for the state every few seconds instead.',
      retryAfterSeconds: 5,
    });
  }

  /** Registers a reader until it is gone. */
  add(stream: string | undefined, writer: SseWriter): OpenStream {
    const entry = { stream, writer, waker: new Waker() };
    this.open.add(entry);
    writer.onClose(() => {
      this.open.delete(entry);
      entry.waker.call();
    });
    return entry;
  }

  /** There is news in a stream of the log. */
  news(stream: string | undefined): void {
    for (const entry of this.open)
      if (entry.stream === undefined || entry.stream === stream) entry.waker.call();
  }

  /** Live lines for those who watch this stream. */
  story(stream: string, data: unknown): void {
    for (const { stream: watched, writer } of this.open)
      if (watched === stream) writer.offerEvent('story', data);
  }

  /** Readers resume at another gateway. */
  beforeApplicationShutdown(): void {
    for (const { writer } of this.open) writer.close();
  }
}
