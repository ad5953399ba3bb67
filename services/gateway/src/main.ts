import 'reflect-metadata';
import { loadConfig, runMain } from '@gantry/service-kit';
import { GatewayEnv } from './config.js';
import { startGateway } from './start-gateway.js';

await runMain('gateway', () => startGateway(loadConfig(GatewayEnv)));
