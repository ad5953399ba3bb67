import { createLogPool, logMigrations, runMigrations } from '@gantry/event-log';
import { Client, type Pool } from 'pg';
import type { AuditConfig } from '../config.js';
import { CreateAudit1764000100000 } from './migrations/create-audit.migration.js';
import { CreateRelease1790000000003 } from './migrations/create-release.migration.js';

const MIGRATIONS = [...logMigrations, CreateAudit1764000100000, CreateRelease1790000000003];

/** Brings the database up to date where a migrating role is configured, and lets the service's own role keep its schema. */
export async function migrate(config: AuditConfig): Promise<void> {
  const url = config.GANTRY_MIGRATION_URL;
  if (url === undefined) return;
  await runMigrations({ url, migrations: MIGRATIONS });
  const role = new URL(config.GANTRY_DATABASE_URL).username;
  if (role === new URL(url).username) return;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `GRANT gantry_audit TO ${client.escapeIdentifier(decodeURIComponent(role))}`,
    );
  } finally {
    await client.end();
  }
}

/** The connections for reading the log and keeping the read models. */
export function openPool(config: AuditConfig, onLost: (error: Error) => void): Pool {
  return createLogPool({
    url: config.GANTRY_DATABASE_URL,
    applicationName: `gantry-audit/${config.GANTRY_INSTANCE}`,
    maxConnections: config.GANTRY_DATABASE_POOL,
    onConnectionLost: onLost,
  });
}
