import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { PostgresEventLog, type EventLog } from '@gantry/event-log';
import { CONFIG, Log } from '@gantry/service-kit';
import type { Pool } from 'pg';
import type { OrchestratorConfig } from './config.js';
void [Inject, Module, PostgresEventLog, CONFIG, Log];
export type X = OnApplicationShutdown | EventLog | Pool | OrchestratorConfig;
export class OrchestratorModule {}
