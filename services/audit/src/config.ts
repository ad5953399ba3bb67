import { brokerEnv, httpEnv } from '@gantry/service-kit';
import { z } from 'zod';

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });

/** The environment of the audit service. */
export const auditConfig = z.object({
  ...brokerEnv,
  ...httpEnv,
  /** A role that may read the log and keeps the schema `audit`. */
  GANTRY_DATABASE_URL: postgresUrl,
  /** Role that migrates at start, safely beside other replicas; without it the schema must be there. */
  GANTRY_MIGRATION_URL: postgresUrl.optional(),
  /** How often the log is looked at when no message says that it grew. */
  GANTRY_FEED_POLL_MS: z.coerce.number().int().min(20).max(60_000).default(500),
  /** Most connections to Postgres. */
  GANTRY_DATABASE_POOL: z.coerce.number().int().min(2).max(100).default(8),
});
export type AuditConfig = z.infer<typeof auditConfig>;
