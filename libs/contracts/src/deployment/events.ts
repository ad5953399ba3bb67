import { z } from 'zod';
import { defineMessage } from '../define.js';
import { ActorId, Certname, Evr, Instant, PackageName, Reason, RequestId, Sha256 } from '../ids.js';
import { DrainEvidence, EnableEvidence, PoolSnapshot } from '../lb/messages.js';
import {
  healthOutcome,
  hostFacts,
  InstalledPackage,
  PuppetReport,
  runOutcome,
} from '../puppet/run.js';
import { RolloutLimits } from '../fleet/strategy.js';
import { BindingId } from '../hold/messages.js';
import { DeploymentPlan, DeploymentTarget, Finding, ReleaseStage } from './plan.js';

/** Which way a host is being taken: to the new build, or back to what it had. */
export const Direction = z.enum(['forward', 'back']);
export type Direction = z.infer<typeof Direction>;

/** The steps of one host. */
export const HostStep = z.enum(['reserve', 'drain', 'publish', 'run', 'verify', 'enable']);
export type HostStep = z.infer<typeof HostStep>;

/** Outcome classes: what each leads to stands in one table in the domain. */
export const OutcomeClass = z.enum(['noise', 'static', 'broken', 'unreachable', 'unknown']);
export type OutcomeClass = z.infer<typeof OutcomeClass>;

const onHost = { host: Certname };
const ofRequest = { ...onHost, requestId: RequestId };

/** Accepted for planning; everything of the fleet file it needs is pinned in `target`. */
export const DeploymentRequested = defineMessage('event', 'deployment.requested', {
  reason: Reason,
  accept: z.array(z.string().max(64)),
  target: DeploymentTarget,
  release: ReleaseStage.optional(),
  /** Who asked for it, and for the release it is a stage of: none of them may approve it. */
  requesters: z.array(ActorId).max(2).optional(),
});
/** A host answered the planning survey. */
export const DeploymentHostSurveyed = defineMessage('event', 'deployment.host-surveyed', {
  ...onHost,
  ...hostFacts,
  /** Of what is installed: builds that were seen in a repository and are in none any more. */
  gone: z.array(z.object({ name: PackageName, evr: Evr })).optional(),
});
/** The pools as the devices showed them. */
export const DeploymentPoolsSurveyed = defineMessage('event', 'deployment.pools-surveyed', {
  pools: z.array(PoolSnapshot),
  unreadable: z.array(z.object({ pool: z.string(), reason: z.string() })),
});
/** The plan stands, and nothing blocks it. */
export const DeploymentPlanned = defineMessage('event', 'deployment.planned', {
  planHash: Sha256,
  plan: DeploymentPlan,
});
/** Nothing was done and nothing will be: the findings say why. */
export const DeploymentRefused = defineMessage('event', 'deployment.refused', {
  findings: z.array(Finding).min(1),
});
/** The rollout begins. */
export const DeploymentStarted = defineMessage('event', 'deployment.started', {});
/** The host is this deployment's own until done or failed; `epoch` fences every effect on it. */
export const DeploymentHostReserved = defineMessage('event', 'deployment.host-reserved', {
  ...onHost,
  direction: Direction,
  attempt: z.int().min(1),
  epoch: z.int().min(1),
});
/** Out of every pool, with evidence. Absent where the host is in no pool or was out already. */
export const DeploymentHostDrained = defineMessage('event', 'deployment.host-drained', {
  ...ofRequest,
  evidence: DrainEvidence,
  pools: z.array(PoolSnapshot),
});
/** One Puppet server knows the host's wanted version. */
export const DeploymentHostVersionPublished = defineMessage(
  'event',
  'deployment.host-version-published',
  {
    ...ofRequest,
    server: Certname,
  },
);
/** Somebody else's run holds the lock; ours waits. */
export const DeploymentHostRunWaiting = defineMessage('event', 'deployment.host-run-waiting', {
  ...ofRequest,
  holder: z.string().max(300),
});
/** Our run's process exists on the host. */
export const DeploymentHostRunStarted = defineMessage('event', 'deployment.host-run-started', {
  ...ofRequest,
  startedAt: Instant,
});
/** Our run is over. */
export const DeploymentHostRunFinished = defineMessage('event', 'deployment.host-run-finished', {
  ...ofRequest,
  ...runOutcome,
});
/** The application's health after our run. */
export const DeploymentHostVerified = defineMessage('event', 'deployment.host-verified', {
  ...ofRequest,
  ...healthOutcome,
});
/** In service in every pool: seen. */
export const DeploymentHostEnabled = defineMessage('event', 'deployment.host-enabled', {
  ...ofRequest,
  evidence: EnableEvidence,
  pools: z.array(PoolSnapshot),
});
/** A step did not succeed and is tried again at `until`; nothing is lost. */
export const DeploymentHostStepDelayed = defineMessage('event', 'deployment.host-step-delayed', {
  ...onHost,
  step: HostStep,
  class: OutcomeClass,
  reason: z.string().max(2_000),
  attempt: z.int().min(1),
  until: Instant,
});

/** The chain of proof of one host: the exportable receipt. `drained` is null where the host is in no pool. */
export const HostProof = z.object({
  drained: DrainEvidence.nullable(),
  puppetReport: PuppetReport,
  installed: z.array(InstalledPackage),
  healthy: z.object({
    goodInRow: z.int(),
    attempts: z.int(),
    lastBody: z.string(),
    finishedAt: Instant,
  }),
  inService: EnableEvidence.nullable(),
});
export type HostProof = z.infer<typeof HostProof>;

/** The host is done: its chain of proof is whole. */
export const DeploymentHostDone = defineMessage('event', 'deployment.host-done', {
  ...onHost,
  direction: Direction,
  proof: HostProof,
});
/** The host ended its turn without proof. `outOfService` = it stays out and an attention item names it. */
export const DeploymentHostFailed = defineMessage('event', 'deployment.host-failed', {
  ...onHost,
  direction: Direction,
  step: HostStep,
  class: OutcomeClass,
  reason: z.string().max(2_000),
  outOfService: z.boolean(),
});
/** The host was not changed: it goes back in service first, and counts as failed (or skipped, when `step` is null) after that. */
export const DeploymentHostReturning = defineMessage('event', 'deployment.host-returning', {
  ...onHost,
  step: HostStep.nullable(),
  class: OutcomeClass,
  reason: z.string().max(2_000),
});
/** Already at the wanted version, or never begun when the deployment ended. */
export const DeploymentHostSkipped = defineMessage('event', 'deployment.host-skipped', {
  ...onHost,
  reason: z.string().max(500),
});
/** A person gave a host whose turn had failed, or that was skipped, another turn. */
export const DeploymentHostRetried = defineMessage('event', 'deployment.host-retried', {
  ...onHost,
  reason: Reason,
});
/** A person changed how many hosts may be out, or how many failures are put up with; what is absent stays. */
export const DeploymentLimitsChanged = defineMessage('event', 'deployment.limits-changed', {
  ...RolloutLimits.shape,
  reason: Reason,
});
/** No further host is touched until a person decides. */
export const DeploymentPaused = defineMessage('event', 'deployment.paused', {
  because: z.enum(['person', 'failure-budget', 'build-gone', 'held']),
  reason: z.string().max(2_000),
  /** Of `held`: the hold, freeze or window that binds; when it ends, the deployment goes on by itself. */
  binding: BindingId.optional(),
});
/** Going on. */
export const DeploymentResumed = defineMessage('event', 'deployment.resumed', {
  reason: Reason,
  /** Absent = a person has said so, and has overridden what held it. */
  because: z.literal('binding-ended').optional(),
});
/** Cancel was accepted: no further host is drained, no further command is sent. */
export const DeploymentCancelRequested = defineMessage('event', 'deployment.cancel-requested', {
  reason: Reason,
});
/** Going back: each listed host to what it had, in this order. */
export const DeploymentRollbackStarted = defineMessage('event', 'deployment.rollback-started', {
  because: z.enum(['person', 'failure-budget']),
  reason: z.string().max(2_000),
  hosts: z.array(Certname),
});
/** Every host is turned; the pools are read once more before the end is declared. */
export const DeploymentVerifying = defineMessage('event', 'deployment.verifying', {});
/** Terminal: every host is done. */
export const DeploymentSucceeded = defineMessage('event', 'deployment.succeeded', {});
/** Terminal: some hosts failed or were skipped, within the budget. */
export const DeploymentSucceededWithFailures = defineMessage(
  'event',
  'deployment.succeeded-with-failures',
  {
    failed: z.array(Certname),
  },
);
/** Terminal: it did not reach its aim. */
export const DeploymentFailed = defineMessage('event', 'deployment.failed', {
  reason: z.string().max(2_000),
});
/** Terminal: stopped by a person; nothing is in flight. */
export const DeploymentCancelled = defineMessage('event', 'deployment.cancelled', {});
/** Terminal: every touched host is back at what it had. */
export const DeploymentRolledBack = defineMessage('event', 'deployment.rolled-back', {});
/** Terminal: some host could not be brought back. */
export const DeploymentRollbackFailed = defineMessage('event', 'deployment.rollback-failed', {
  failed: z.array(Certname),
});
