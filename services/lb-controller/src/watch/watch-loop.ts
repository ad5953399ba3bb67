import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Log, Repeated } from '@gantry/service-kit';
import type { LbControllerConfig } from '../config.js';
import { LbMetrics } from '../lb-metrics.js';
import { IntentWatch } from './intent-watch.js';

/** Looks again and again while the service runs. */
@Injectable()
export class WatchLoop extends Repeated {
  constructor(
    private readonly watch: IntentWatch,
    private readonly metrics: LbMetrics,
    @Inject(CONFIG) config: LbControllerConfig,
    log: Log,
  ) {
    const everyMs = config.GANTRY_LB_WATCH_MS;
    super(log, { everyMs, failure: 'the watch over drained hosts failed' });
  }

  protected async once(): Promise<void> {
    await this.watch.look();
    this.metrics.watched.set(this.watch.size);
  }
}
