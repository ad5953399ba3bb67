import 'reflect-metadata';
import { HOST_LOG_TOPIC, LIVE_EVENTS_TOPIC } from '@gantry/contracts';
import { loadConfig, runMain, runService } from '@gantry/service-kit';
import { GatewayEnv } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { configureHttp } from './http/configure-http.js';

await runMain('gateway', () => {
  const config = loadConfig(GatewayEnv);
  return runService({
    name: 'gateway',
    config,
    module: GatewayModule,
    families: [],
    plainTopics: [LIVE_EVENTS_TOPIC, HOST_LOG_TOPIC],
    configureHttp: (app) => configureHttp(app, config),
  });
});
