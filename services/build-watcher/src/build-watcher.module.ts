import { Module } from '@nestjs/common';
import { Metrics } from '@gantry/service-kit';
import { WatchLoop } from './watch/watch-loop.js';
import { WatcherMetrics } from './watch/watcher-metrics.js';

/** Wiring of build-watcher. */
@Module({
  providers: [
    WatchLoop,
    {
      provide: WatcherMetrics,
      inject: [Metrics],
      useFactory: (metrics: Metrics) => new WatcherMetrics(metrics.registry),
    },
  ],
})
export class BuildWatcherModule {}
