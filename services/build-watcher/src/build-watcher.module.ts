import { Module } from '@nestjs/common';
import { Metrics } from '@gantry/service-kit';
import { RepositoriesController } from './http/repositories.controller.js';
import { LooksController } from './messaging/looks.controller.js';
import { WatchLoops } from './watch/watch-loops.js';
import { WatcherMetrics } from './watch/watcher-metrics.js';

/** Wiring of build-watcher. */
@Module({
  controllers: [LooksController, RepositoriesController],
  providers: [
    WatchLoops,
    {
      provide: WatcherMetrics,
      inject: [Metrics],
      useFactory: (metrics: Metrics) => new WatcherMetrics(metrics.registry),
    },
  ],
})
export class BuildWatcherModule {}
