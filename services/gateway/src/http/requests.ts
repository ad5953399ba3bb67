import {
  ApplicationName,
  Certname,
  DeploymentAction,
  DeploymentId,
  EnvironmentName,
  Evr,
  GateName,
  HoldId,
  HoldScope,
  HoldTerms,
  HostAction,
  Instant,
  ListenerRole,
  PackageName,
  PipelineName,
  ParkedKey,
  Reason,
  RefreshId,
  ReleaseId,
  RolloutLimits,
  Sha256,
} from '@gantry/contracts';
import { z } from 'zod';

/** Body of POST /deployments. */
export const DeploymentBody = z.strictObject({
  application: ApplicationName,
  environment: EnvironmentName,
  evr: Evr,
  reason: Reason,
  accept: z.array(z.string().min(1).max(64)).max(50).default([]),
  confirmEnvironment: z.string().max(63).optional(),
});

/** Body of everything that only wants to know why. */
export const ReasonBody = z.strictObject({ reason: Reason });

/** Body of POST /deployments/:id/approve and /reject: the plan that was looked at. */
export const ApprovalBody = ReasonBody.extend({ planHash: Sha256 });

/** Body of POST /hosts/:host/resync. */
export const ResyncBody = ReasonBody.extend({ role: ListenerRole.default('agent') });

/** Body of POST /deployments/:id/limits: at least one of them. */
export const LimitsBody = z
  .strictObject({ ...RolloutLimits.shape, reason: Reason })
  .refine(
    ({ maxOutOfService, failureBudget }) => (maxOutOfService ?? failureBudget) !== undefined,
    'name maxOutOfService, failureBudget, or both',
  );

/** Body of POST /refreshes. */
export const RefreshBody = z.strictObject({
  hosts: z
    .array(Certname)
    .min(1)
    .max(1_000)
    .refine((hosts) => new Set(hosts).size === hosts.length, 'a host is named twice'),
  noop: z.boolean().default(false),
  reason: Reason,
  concurrency: z.int().min(1).max(100).default(5),
});

const limit = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/, 'a number from 1 to 500')
  .transform(Number)
  .pipe(z.int().max(500))
  .default(100);

/** Query of GET /deployments. */
export const DeploymentsQuery = z.strictObject({
  application: ApplicationName.optional(),
  environment: EnvironmentName.optional(),
  limit,
});

/** Query of GET /builds. */
export const BuildsQuery = z.strictObject({ name: PackageName.optional(), limit });

/** Query of GET /attention. */
export const AttentionQuery = z.strictObject({
  includeClosed: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  limit,
});

/** Query of a route that takes none. */
export const NoQuery = z.strictObject({});

const lowerCase = z.string().max(64).toLowerCase();

/** Ids in paths. */
export const DeploymentPath = z.object({ id: lowerCase.pipe(DeploymentId) });
/** Path of POST /deployments/:id/:action. */
export const DeploymentActionPath = DeploymentPath.extend({ action: DeploymentAction });
/** Path of POST /deployments/:id/hosts/:host/:action. */
export const HostActionPath = DeploymentPath.extend({ host: Certname, action: HostAction });
/** Path of POST /hosts/:host/resync. */
export const HostPath = z.object({ host: Certname });
export const RefreshPath = z.object({ id: lowerCase.pipe(RefreshId) });
/** Path of POST /parked/:key/:action. */
export const ParkedPath = z.object({ key: ParkedKey, action: z.enum(['replay', 'drop']) });
export const BuildPath = z.object({ name: PackageName, evr: Evr });

/** Query of GET /holds. */
export const HoldsQuery = z.strictObject({
  includeEnded: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  limit,
});
/** Body of POST /holds. */
export const HoldBody = z.strictObject({
  rule: HoldTerms,
  scope: HoldScope,
  reason: Reason,
  until: Instant.optional(),
});
export const HoldPath = z.object({ id: lowerCase.pipe(HoldId) });

/** Path of POST /fleet/changes/:sha256/accept. */
export const FleetChangePath = z.object({ sha256: lowerCase.pipe(Sha256) });

/** Query of GET /releases. */
export const ReleasesQuery = z.strictObject({ pipeline: PipelineName.optional(), limit });
export const ReleasePath = z.object({ id: lowerCase.pipe(ReleaseId) });
/** Query of GET /why. */
export const WhyQuery = z.strictObject({ application: ApplicationName, evr: Evr });
/** Body of POST /releases; a hotfix names the environments it leaves out. */
export const ReleaseBody = z.strictObject({
  pipeline: PipelineName,
  evr: Evr,
  skip: z.array(EnvironmentName).max(20).default([]),
  reason: Reason,
});
/** Path of POST /releases/:id/:action. */
export const ReleaseActionPath = ReleasePath.extend({
  action: z.enum(['stop', 'pause', 'resume']),
});
/** Body of POST /releases/:id/:action; `how` says what becomes of gates that said neither yes nor no, when it is resumed. */
export const ReleaseActionBody = z.strictObject({
  reason: Reason,
  how: z.enum(['again', 'accept']).default('again'),
});
/** Path and body of POST /releases/:id/gates/:gate/answer. */
export const GateAnswerPath = ReleasePath.extend({ gate: GateName });
export const GateAnswerBody = z.strictObject({
  verdict: z.enum(['pass', 'fail']),
  reason: Reason,
});

/** Made by the caller; visible ASCII only. */
export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, '1 to 128 visible ASCII characters, no spaces');

/** A position of the feed, as an event's `id` gave it; opaque. */
export const Cursor = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,64}$/, 'a position from an earlier event');
