import { z } from 'zod';
import { Evr, Instant, PackageName, RequestId, Sha256 } from '../ids.js';

/** A package and the version that must be installed after the run. */
export const WantedPackage = z.object({ name: PackageName, evr: Evr, sha256: Sha256.optional() });
export type WantedPackage = z.infer<typeof WantedPackage>;

/** A package and what the RPM database said of it: its NEVRA, or null when absent. */
export const InstalledPackage = z.object({
  name: PackageName,
  evr: Evr.nullable(),
  nevra: z.string().max(300).nullable(),
});
export type InstalledPackage = z.infer<typeof InstalledPackage>;

/** What Puppet's report *of that run* says (its `job_id` is the run's request id). */
export const PuppetReport = z.object({
  jobId: RequestId,
  status: z.enum(['changed', 'unchanged', 'failed']),
  completed: z.boolean(),
  noop: z.boolean(),
  cachedCatalog: z.enum(['not_used', 'on_failure', 'explicitly_requested']),
  configurationVersion: z.string().max(200).nullable(),
  catalogUuid: z.string().max(64).nullable(),
  startedAt: Instant,
  counts: z.object({
    total: z.int(),
    changed: z.int(),
    failed: z.int(),
    failedToRestart: z.int(),
    skipped: z.int(),
    outOfSync: z.int(),
    corrective: z.int(),
  }),
  failures: z
    .array(z.object({ resource: z.string().max(300), message: z.string().max(1_000) }))
    .max(20),
});
export type PuppetReport = z.infer<typeof PuppetReport>;

/** Why no run happened at all: the host is as it was. */
export const NotRunWhy = z.enum([
  'busy',
  'disabled',
  'certificate',
  'expired',
  'refused',
  'journal-unwritable',
  'needs-resync',
  'interrupted',
  'unexplained',
]);
export type NotRunWhy = z.infer<typeof NotRunWhy>;

/** Why a run that happened did not bring the wanted state. */
export const RunFailureWhy = z.enum([
  'server-unreachable',
  'catalog-failed',
  'cached-catalog',
  'noop',
  'interrupted',
  'timed-out',
  'resources-failed',
  'wrong-version',
  'version-not-published',
]);
export type RunFailureWhy = z.infer<typeof RunFailureWhy>;

/** The verdict on one run, read from its report and the RPM database; exit codes are evidence only. */
export const RunVerdict = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('converged') }),
  z.object({ kind: z.literal('not-run'), why: NotRunWhy, detail: z.string().max(2_000) }),
  z.object({ kind: z.literal('failed'), why: RunFailureWhy, detail: z.string().max(2_000) }),
]);
export type RunVerdict = z.infer<typeof RunVerdict>;

/** Everything known of one run when it is over. `before` and `after` are readings of the RPM database. */
export const runOutcome = {
  verdict: RunVerdict,
  exitCode: z.int().nullable(),
  report: PuppetReport.nullable(),
  before: z.array(InstalledPackage),
  after: z.array(InstalledPackage),
  startedAt: Instant.nullable(),
  finishedAt: Instant,
};

/** What the application's own health check answered on the host. */
export const healthOutcome = {
  healthy: z.boolean(),
  goodInRow: z.int().min(0),
  attempts: z.int().min(0),
  lastStatus: z.int().nullable(),
  lastBody: z.string().max(500),
  reason: z.string().max(1_000),
  finishedAt: Instant,
};

/** What a host said of itself when asked. */
export const hostFacts = {
  installed: z.array(InstalledPackage),
  disabled: z.string().max(1_000).nullable(),
  runningSince: Instant.nullable(),
  lastRunAt: Instant.nullable(),
  listenerVersion: z.string().max(64),
  bootId: z.string().max(64),
};
