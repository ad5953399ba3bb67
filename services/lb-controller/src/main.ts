import { LB_STANDING_TOPIC } from '@gantry/contracts';
import { loadConfig, runMain, runService } from '@gantry/service-kit';
import { LbControllerConfig } from './config.js';
import { LbControllerModule } from './lb-controller.module.js';

await runMain('lb-controller', () =>
  runService({
    name: 'lb-controller',
    config: loadConfig(LbControllerConfig),
    module: LbControllerModule,
    families: ['lb.requests'],
    plainTopics: [LB_STANDING_TOPIC],
    // A drain may wait for an hour: many must fit beside each other.
    prefetch: 64,
    maxInFlight: 64,
  }),
);
