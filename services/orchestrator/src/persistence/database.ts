import { Client, type Pool } from 'pg';
import { assertSafeDatabase, createLogPool, logMigrations, runMigrations } from '@gantry/event-log';
import type { OrchestratorConfig } from '../config.js';
import { CreateCrashLedger1790000000002 } from './migrations/create-crash-ledger.migration.js';
import { CreateHostStanding1790000000003 } from './migrations/create-host-standing.migration.js';
import { CreateOrchestrator1790000000001 } from './migrations/create-orchestrator.migration.js';

const MIGRATIONS = [
  ...logMigrations,
  CreateOrchestrator1790000000001,
  CreateCrashLedger1790000000002,
  CreateHostStanding1790000000003,
];

/** Brings the database up to date where a migrating role is configured, and lets the service's own role append. */
export async function migrate(config: OrchestratorConfig): Promise<void> {
  const url = config.GANTRY_MIGRATION_URL;
  if (url === undefined) return;
  await runMigrations({ url, migrations: MIGRATIONS });
  const role = new URL(config.GANTRY_DATABASE_URL).username;
  if (role === new URL(url).username) return;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `GRANT gantry_log_writer TO ${client.escapeIdentifier(decodeURIComponent(role))}`,
    );
  } finally {
    await client.end();
  }
}

/** For people who stop something and for readiness: a person, and a supervisor, at the same time. */
const RESERVED_CONNECTIONS = 2;

/** The connections of the log, of claims and of timers; refuses a database that could not keep the log's promises. */
export async function openSafePool(
  config: OrchestratorConfig,
  onLost: (error: Error) => void,
): Promise<Pool> {
  const pool = createLogPool({
    url: config.GANTRY_DATABASE_URL,
    applicationName: `gantry-orchestrator/${config.GANTRY_INSTANCE}`,
    maxConnections: config.GANTRY_DATABASE_POOL,
    reservedConnections: RESERVED_CONNECTIONS,
    onConnectionLost: onLost,
  });
  await assertSafeDatabase(pool, { migrations: MIGRATIONS });
  return pool;
}
