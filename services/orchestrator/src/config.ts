import { brokerEnv, httpEnv } from '@gantry/service-kit';
import { z } from 'zod';

/** The orchestrator's environment. */
export const orchestratorConfig = z.object({
  ...brokerEnv,
  ...httpEnv,
  /** A role that may append to the log and owns the schema `orchestrator`. */
  GANTRY_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Role that migrates; default: the same. Migrations run at start, safely beside other replicas. */
  GANTRY_MIGRATION_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  GANTRY_FLEET_FILE: z.string().min(1),
  /** Percent of the hosts of an environment, an application there or a pool that a changed fleet file may take away without a person's consent. */
  GANTRY_FLEET_MAX_REMOVED_PERCENT: z.coerce.number().int().min(0).max(100).default(20),
  /** Where this replica notes how far the log was, on a disk that no backup of the database brings back; without it a restored log is not noticed. */
  GANTRY_LOG_MARK_FILE: z.string().min(1).optional(),
  /** How often the fleet file is looked at, and how often due timers are. */
  GANTRY_FLEET_POLL_MS: z.coerce.number().int().min(100).max(60_000).default(1_000),
  GANTRY_TIMER_POLL_MS: z.coerce.number().int().min(20).max(60_000).default(200),
  /** How often claims, slots and timers are held against the log. */
  GANTRY_MEND_MS: z.coerce.number().int().min(100).max(600_000).default(60_000),
  /** Deaths in a row, all but the first while it worked on one stream, from which on that stream is held. */
  GANTRY_QUARANTINE_DEATHS: z.coerce.number().int().min(2).max(1_000).default(3),
  /** How often what services have parked is looked at. */
  GANTRY_PARKED_LOOK_MS: z.coerce.number().int().min(100).max(60_000).default(15_000),
  /** Services of which a person must know when nothing is heard of them; empty for none. */
  GANTRY_EXPECTED_SERVICES: z
    .string()
    .default('puppet-dispatcher,lb-controller,build-watcher,audit,gateway')
    .transform((list) => list.split(',').filter((name) => name !== '')),
  /** Most connections to Postgres for ordinary work; a few more are kept for what people stop, for readiness and for the relay. */
  GANTRY_DATABASE_POOL: z.coerce.number().int().min(2).max(100).default(10),
});
export type OrchestratorConfig = z.infer<typeof orchestratorConfig>;
