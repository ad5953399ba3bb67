import { z } from 'zod';
import { BuildInspection, PackageClaim } from '../build/inspection.js';
import { ApprovalRule } from '../fleet/approval.js';
import { ApplicationPackage, HealthCheck } from '../fleet/fleet.js';
import { Strategy } from '../fleet/strategy.js';
import {
  ApplicationName,
  Certname,
  DeviceName,
  EnvironmentName,
  Evr,
  PoolName,
  Sha256,
  ReleaseId,
} from '../ids.js';
import { Membership } from '../lb/messages.js';

/** Something the planner or a guard rail found: `block` stops, `confirm` wants its code accepted, `info` is for reading. */
export const Finding = z.object({
  severity: z.enum(['block', 'confirm', 'info']),
  code: z
    .string()
    .regex(/^[a-z]+(?:-[a-z]+)*$/)
    .max(64),
  message: z.string().min(1).max(1_000),
  todo: z.string().max(1_000),
  host: Certname.optional(),
});
export type Finding = z.infer<typeof Finding>;

/** A package of the build with the checksum pinned when the deployment was accepted, and what was known of its content then. */
export const PinnedPackage = ApplicationPackage.extend({
  evr: Evr,
  sha256: Sha256,
  inspection: BuildInspection.optional(),
  claims: z.array(PackageClaim).min(1).max(800).optional(),
});
export type PinnedPackage = z.infer<typeof PinnedPackage>;

/** Everything a deployment needs of the fleet file, as it stood when the deployment was accepted. */
export const DeploymentTarget = z.object({
  application: ApplicationName,
  environment: EnvironmentName,
  evr: Evr,
  packages: z.array(PinnedPackage).min(1),
  health: HealthCheck,
  strategy: Strategy,
  hosts: z.array(z.object({ host: Certname, memberships: z.array(Membership) })).min(1),
  pools: z.array(
    z.object({ pool: PoolName, device: DeviceName, backend: z.string(), size: z.int().min(1) }),
  ),
  puppetServers: z.array(z.object({ server: Certname, maxConcurrentRuns: z.int().min(1) })).min(1),
  /** Absent = its plan begins without anybody's consent. */
  approval: ApprovalRule.optional(),
});
export type DeploymentTarget = z.infer<typeof DeploymentTarget>;

/** A package's version on a host before the deployment; null = not installed. */
export const FromVersion = z.object({ name: z.string().max(128), evr: Evr.nullable() });
export type FromVersion = z.infer<typeof FromVersion>;

/** One host of a plan, in order of turn. */
export const PlannedHost = z.object({
  host: Certname,
  from: z.array(FromVersion),
  action: z.enum(['deploy', 'already-there']),
  canary: z.boolean(),
});
export type PlannedHost = z.infer<typeof PlannedHost>;

/** The arithmetic of one pool at planning time. */
export const PlannedPool = z.object({
  pool: PoolName,
  size: z.int(),
  inService: z.int(),
  minInService: z.int(),
  batch: z.int(),
});
export type PlannedPool = z.infer<typeof PlannedPool>;

/** What the deployment will do. Its hash binds approvals. */
export const DeploymentPlan = z.object({
  hosts: z.array(PlannedHost).min(1),
  pools: z.array(PlannedPool),
  findings: z.array(Finding),
});
export type DeploymentPlan = z.infer<typeof DeploymentPlan>;

/** A stage of a release, by its number. */
export const ReleaseStage = z.object({ releaseId: ReleaseId, stage: z.int().min(0).max(19) });
export type ReleaseStage = z.infer<typeof ReleaseStage>;
