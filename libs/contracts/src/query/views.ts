import { z } from 'zod';
import { BuildOrigin } from '../build/messages.js';
import { AttentionKind } from '../attention/events.js';
import { Direction, HostProof, HostStep, OutcomeClass } from '../deployment/events.js';
import { RolloutLimits } from '../fleet/strategy.js';
import { Finding, FromVersion, PlannedPool } from '../deployment/plan.js';
import { ActorId, Certname, DeploymentId, Instant, RefreshId } from '../ids.js';
import { InstalledPackage, PuppetReport, RunVerdict } from '../puppet/run.js';

/** States of a deployment; the transition table in the domain says which follows which. */
export const DeploymentStatus = z.enum([
  'requested',
  'refused',
  'planned',
  'awaiting-approval',
  'waiting',
  'running',
  'paused',
  'verifying',
  'succeeded',
  'succeeded-with-failures',
  'cancelling',
  'cancelled',
  'failed',
  'rolling-back',
  'rolled-back',
  'rollback-failed',
  'superseded',
  'expired',
]);
export type DeploymentStatus = z.infer<typeof DeploymentStatus>;

/** States of a host within a deployment. */
export const HostStatus = z.enum([
  'queued',
  'reserving',
  'draining',
  'drained',
  'running-puppet',
  'verifying',
  'enabling',
  'done',
  'failed',
  'skipped',
  'unknown',
]);
export type HostStatus = z.infer<typeof HostStatus>;

/** What people may do to a deployment in its present state. */
export const DeploymentAction = z.enum(['pause', 'resume', 'cancel', 'rollback']);
export type DeploymentAction = z.infer<typeof DeploymentAction>;

/** What people may do to one host of a deployment in its present state. */
export const HostAction = z.enum(['skip', 'retry']);
export type HostAction = z.infer<typeof HostAction>;

/** Milliseconds of one host's turn, and the machine's own share: total less drain, Puppet, health and enable waits. */
export const HostTimings = z.object({
  totalMs: z.int(),
  drainMs: z.int(),
  puppetMs: z.int(),
  healthMs: z.int(),
  enableMs: z.int(),
  machineMs: z.int(),
});
export type HostTimings = z.infer<typeof HostTimings>;

/** One host of a deployment. */
export const HostProgressView = z.object({
  host: Certname,
  status: HostStatus,
  direction: Direction,
  canary: z.boolean(),
  attempt: z.int(),
  from: z.array(FromVersion),
  to: z.string(),
  since: Instant,
  note: z.string(),
  failure: z
    .object({ step: HostStep, class: OutcomeClass, reason: z.string(), outOfService: z.boolean() })
    .nullable(),
  proof: HostProof.nullable(),
  timings: HostTimings.nullable(),
  allowedActions: z.array(HostAction),
});
export type HostProgressView = z.infer<typeof HostProgressView>;

/** Whose consent a deployment waits for, or had. */
export const ApprovalView = z.object({
  planHash: z.string(),
  quorum: z.int(),
  group: z.string().nullable(),
  expiresAt: Instant,
  /** Consents to this very plan. */
  given: z.array(z.object({ by: ActorId, at: Instant, reason: z.string() })),
  missing: z.int(),
  /** Why it ended without, or why earlier consents count no more. */
  note: z.string(),
});
export type ApprovalView = z.infer<typeof ApprovalView>;

/** A deployment as lists show it. */
export const DeploymentSummary = z.object({
  id: DeploymentId,
  application: z.string(),
  environment: z.string(),
  evr: z.string(),
  status: DeploymentStatus,
  reason: z.string(),
  requestedBy: ActorId,
  requestedAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  hosts: z.object({ total: z.int(), done: z.int(), failed: z.int(), inFlight: z.int() }),
  /** Null when nobody is asked. */
  approval: ApprovalView.nullable().default(null),
});
export type DeploymentSummary = z.infer<typeof DeploymentSummary>;

/** A deployment as its page shows it; `version` is the stream version it was folded to. */
export const DeploymentView = DeploymentSummary.extend({
  planHash: z.string().nullable(),
  findings: z.array(Finding),
  pools: z.array(PlannedPool),
  pausedBecause: z.string().nullable(),
  allowedActions: z.array(DeploymentAction),
  /** How many hosts may be out at once, and how many failures are put up with, as it stands now. */
  limits: RolloutLimits.required(),
  progress: z.array(HostProgressView),
  version: z.int(),
  position: z.string(),
});
export type DeploymentView = z.infer<typeof DeploymentView>;

/** A refresh and its hosts. */
export const RefreshView = z.object({
  id: RefreshId,
  status: z.enum(['running', 'completed']),
  noop: z.boolean(),
  reason: z.string(),
  requestedBy: ActorId,
  requestedAt: Instant,
  endedAt: Instant.nullable(),
  progress: z.array(
    z.object({
      host: Certname,
      status: z.enum(['queued', 'running', 'done', 'failed']),
      verdict: RunVerdict.nullable(),
      report: PuppetReport.nullable(),
      reason: z.string(),
    }),
  ),
  version: z.int(),
  position: z.string(),
});
export type RefreshView = z.infer<typeof RefreshView>;

/** A host: what the log knows of it, and when its listener was last heard. `reachable` null = never heard: unknown. */
export const HostView = z.object({
  host: Certname,
  environments: z.array(z.string()),
  applications: z.array(z.string()),
  installed: z.array(InstalledPackage),
  installedAsOf: Instant.nullable(),
  lastRun: z
    .object({ at: Instant, verdict: RunVerdict, noop: z.boolean(), outOfSync: z.int().nullable() })
    .nullable(),
  ownedBy: z.string().nullable(),
  outOfService: z.boolean(),
  reachable: z.boolean().nullable(),
  lastHeardAt: Instant.nullable(),
  listenerVersion: z.string().nullable(),
});
export type HostView = z.infer<typeof HostView>;

/** What runs where: one row per application and environment. */
export const RunningView = z.object({
  application: z.string(),
  environment: z.string(),
  versions: z.array(z.object({ evr: z.string(), hosts: z.array(Certname) })),
  since: Instant.nullable(),
  lastDeployment: DeploymentId.nullable(),
});
export type RunningView = z.infer<typeof RunningView>;

/** A build that may be deployed (or may not: `state`). */
export const BuildView = z.object({
  name: z.string(),
  evr: z.string(),
  arch: z.string(),
  sha256: z.string(),
  repository: z.string(),
  origin: BuildOrigin.optional(),
  /** Repositories that have it now; absent in a row of before that was kept. */
  listedIn: z.array(z.string()).optional(),
  builtAt: Instant,
  seenAt: Instant,
  state: z.enum(['deployable', 'changed', 'quarantined', 'gone']),
  note: z.string(),
});
export type BuildView = z.infer<typeof BuildView>;

/** An item of the attention inbox. */
export const AttentionView = z.object({
  key: z.string(),
  kind: AttentionKind,
  title: z.string(),
  detail: z.string(),
  todo: z.string(),
  host: z.string().nullable(),
  deploymentId: z.string().nullable(),
  openedAt: Instant,
  closedAt: Instant.nullable(),
  closedBecause: z.string().nullable(),
});
export type AttentionView = z.infer<typeof AttentionView>;

/** One event of the log, as the feed shows it; `position` is the opaque cursor to resume from. */
export const EventView = z.object({
  position: z.string(),
  stream: z.string(),
  version: z.int(),
  type: z.string(),
  at: Instant,
  actor: z.string(),
  correlationId: z.string(),
  causationId: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type EventView = z.infer<typeof EventView>;
