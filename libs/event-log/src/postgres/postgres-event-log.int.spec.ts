import { afterAll, beforeAll, jest } from '@jest/globals';
import type { Pool } from 'pg';
import { eventLogSuite, type LogFactory } from '../../test/event-log.suite.js';
import { eventValuesSuite } from '../../test/event-values.suite.js';
import { TestPostgres } from '../../test/postgres.js';
import { createLogPool } from './log-pool.js';
import { PostgresEventLog } from './postgres-event-log.js';

jest.setTimeout(60_000);

let postgres: TestPostgres;
const pools: Pool[] = [];
beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.destroy();
});

const make: LogFactory = async (codec) => {
  const pool = createLogPool({ url: postgres.url(await postgres.freshDatabase()) });
  pools.push(pool);
  return new PostgresEventLog({ pool, ...(codec ? { codec } : {}) });
};
eventLogSuite('Postgres', make);
eventValuesSuite('Postgres', make);
