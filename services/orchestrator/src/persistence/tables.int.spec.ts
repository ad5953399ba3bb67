import { afterAll, beforeAll } from '@jest/globals';
import { createLogPool, logMigrations, PostgresEventLog, runMigrations } from '@gantry/event-log';
import { startTestPostgres, type TestPostgres } from '@gantry/testing';
import type { Pool } from 'pg';
import { tablesSuite } from '../../test/tables.suite.js';
import { contractEventCodec } from '../streams/contract-event-codec.js';
import { ActiveStreamsRepository } from './active-streams.repository.js';
import { AllocationsRepository } from './allocations.repository.js';
import { CreateOrchestrator1790000000001 } from './migrations/create-orchestrator.migration.js';
import { TimersRepository } from './timers.repository.js';

const LIMIT = 60_000;
let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const migrations = [...logMigrations, CreateOrchestrator1790000000001];
  await runMigrations({ url: postgres.url(), migrations });
  pool = createLogPool({
    url: postgres.url(),
    applicationName: 'spec',
    maxConnections: 2,
    onConnectionLost: () => undefined,
  });
}, LIMIT);

afterAll(async () => {
  await pool.end();
  await postgres.stop();
}, LIMIT);

tablesSuite('on Postgres', async () => {
  await postgres.sql(
    'TRUNCATE orchestrator.host_claim, orchestrator.active_deployment, orchestrator.timer',
  );
  return {
    log: new PostgresEventLog({ pool, codec: contractEventCodec }),
    allocations: new AllocationsRepository(),
    timers: new TimersRepository(pool),
    active: new ActiveStreamsRepository(pool),
  };
});
