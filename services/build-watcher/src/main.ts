import { loadConfig, runMain, runService } from '@gantry/service-kit';
import { BuildWatcherModule } from './build-watcher.module.js';
import { BuildWatcherConfig } from './config.js';

await runMain('build-watcher', () =>
  runService({
    name: 'build-watcher',
    config: loadConfig(BuildWatcherConfig),
    module: BuildWatcherModule,
    families: ['build.looks'],
  }),
);
