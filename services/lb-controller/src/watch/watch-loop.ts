import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CONFIG, Log } from '@gantry/service-kit';
import type { LbControllerConfig } from '../config.js';
import { IntentWatch } from './intent-watch.js';

/** Looks again and again while the service runs, never twice at once. */
@Injectable()
export class WatchLoop implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(
    private readonly watch: IntentWatch,
    @Inject(CONFIG) private readonly config: LbControllerConfig,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.looking = this.lookOnce();
    }, this.config.GANTRY_LB_WATCH_MS);
  }

  private async lookOnce(): Promise<void> {
    try {
      await this.watch.look();
    } catch (error) {
      this.log.error('the watch over drained hosts failed', { error });
    }
    if (!this.ended) this.schedule();
  }
}
