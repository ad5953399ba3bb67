import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Log } from '../logging/log.js';

/** How it is repeated. */
export interface Habit {
  /** Pause between two times. */
  readonly everyMs: number;
  /** What is told when it fails. */
  readonly failure: string;
}

/**
 * Something that is done again and again while the application runs: the next time so long after the last one has ended, never
 * two at once. What fails is told and tried again; shutting down waits for the one that goes on.
 */
export abstract class Repeated implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    protected readonly log: Log,
    private readonly habit: Habit,
  ) {}

  /** Does it once; may fail. */
  protected abstract once(): Promise<void>;

  onApplicationBootstrap(): void | Promise<void> {
    this.next();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Does it now; never fails. */
  async now(): Promise<void> {
    try {
      await this.once();
    } catch (error) {
      this.log.warn(`${this.habit.failure}, trying again`, { error });
    }
  }

  protected get stopping(): boolean {
    return this.stopped;
  }

  protected next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.now().finally(() => this.next());
    }, this.habit.everyMs);
  }
}
