import { HOST_LOG_TOPIC, LIVE_EVENTS_TOPIC, SERVICE_PRESENCE_TOPIC } from '@gantry/contracts';
import { runService, type RunningService } from '@gantry/service-kit';
import type { GatewayConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { configureHttp } from './http/configure-http.js';

/** Runs a gateway until it is closed. It owns no queue: every gateway hears everything that is live. */
export function startGateway(config: GatewayConfig): Promise<RunningService> {
  return runService({
    name: 'gateway',
    config,
    module: GatewayModule,
    families: [],
    plainTopics: [LIVE_EVENTS_TOPIC, HOST_LOG_TOPIC, SERVICE_PRESENCE_TOPIC],
    configureHttp: (app) => configureHttp(app, config),
  });
}
