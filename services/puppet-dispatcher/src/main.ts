import { loadConfig, runMain, runService } from '@gantry/service-kit';
import { DispatcherConfig } from './config.js';
import { PuppetDispatcherModule } from './puppet-dispatcher.module.js';

await runMain('puppet-dispatcher', () =>
  runService({
    name: 'puppet-dispatcher',
    config: loadConfig(DispatcherConfig),
    module: PuppetDispatcherModule,
    families: ['puppet.requests', 'host.replies'],
    prefetch: 32,
    maxInFlight: 32,
  }),
);
