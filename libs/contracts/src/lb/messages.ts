import { z } from 'zod';
import { defineMessage } from '../define.js';
import { Certname, DeviceName, Instant, PoolName, RequestId } from '../ids.js';

/** One place of a host behind a load balancer. */
export const Membership = z.object({
  pool: PoolName,
  device: DeviceName,
  backend: z.string().min(1).max(200),
  member: z.string().min(1).max(200),
});
export type Membership = z.infer<typeof Membership>;

/** A member as the device shows it; `inService` = takes new connections now (administratively in and up). */
export const MemberSnapshot = z.object({
  member: z.string().max(200),
  admin: z.enum(['in', 'drain', 'off', 'half']),
  monitor: z.enum(['up', 'down', 'checking', 'unmonitored', 'stuck', 'unknown']),
  inService: z.boolean(),
  connections: z.int().min(0).nullable(),
});
export type MemberSnapshot = z.infer<typeof MemberSnapshot>;

/** A pool as the device showed it at `readAt`; `epoch` changes when the device may have forgotten its state (reload, failover). */
export const PoolSnapshot = z.object({
  pool: PoolName,
  device: DeviceName,
  epoch: z.string().max(100),
  readAt: Instant,
  members: z.array(MemberSnapshot).max(5_000),
});
export type PoolSnapshot = z.infer<typeof PoolSnapshot>;

/** Why a request to a load balancer did not succeed. */
export const LbFailureKind = z.enum([
  'capacity',
  'timeout',
  'not-found',
  'unreachable',
  'not-effective',
  'stale-epoch',
  'unhealthy',
]);
export type LbFailureKind = z.infer<typeof LbFailureKind>;

const request = { requestId: RequestId };
const onHost = { ...request, host: Certname };
/** Fencing number of the claim under which the effect is made: lower than one seen before = refused. */
const fenced = { ...onHost, epoch: z.int().min(0) };

/** Read these pools and tell what they show. */
export const LbSurveyRequested = defineMessage('request', 'lb.survey.requested', {
  ...request,
  pools: z
    .array(z.object({ pool: PoolName, device: DeviceName, backend: z.string().max(200) }))
    .max(20),
});

/** Take the host out everywhere it is a member, and wait until it is drained, with evidence. */
export const LbDrainRequested = defineMessage('request', 'lb.drain.requested', {
  ...fenced,
  memberships: z
    .array(Membership.extend({ minInService: z.int().min(0) }))
    .min(1)
    .max(20),
  timeoutMs: z.int().min(0),
  maxConnections: z.int().min(0),
  onTimeout: z.enum(['fail', 'force']),
});

/** Put the host back everywhere, and wait until the device shows it really up. */
export const LbEnableRequested = defineMessage('request', 'lb.enable.requested', {
  ...fenced,
  memberships: z.array(Membership).min(1).max(20),
  timeoutMs: z.int().min(0),
});

/** What the pools showed; pools that could not be read stand in `unreadable`. */
export const LbPoolsSurveyed = defineMessage('observation', 'lb.pools.surveyed', {
  ...request,
  pools: z.array(PoolSnapshot),
  unreadable: z.array(z.object({ pool: PoolName, reason: z.string().max(1_000) })),
});

/** Evidence of a drain: what was read, how often, for how long. */
export const DrainEvidence = z.object({
  end: z.enum(['idle', 'forced']),
  connectionsAtEnd: z.int().min(0),
  reads: z.int().min(1),
  waitedMs: z.int().min(0),
  drainedAt: Instant,
});
export type DrainEvidence = z.infer<typeof DrainEvidence>;

/** The host is out of every pool and drained. */
export const LbDrained = defineMessage('observation', 'lb.drained', {
  ...onHost,
  evidence: DrainEvidence,
  pools: z.array(PoolSnapshot),
});

/** The drain did not succeed. `restored` tells whether the members were put back as they had been. */
export const LbDrainFailed = defineMessage('observation', 'lb.drain.failed', {
  ...onHost,
  kind: LbFailureKind,
  reason: z.string().max(2_000),
  restored: z.boolean(),
  pools: z.array(PoolSnapshot),
});

/** Evidence that the member is up and taking traffic. */
export const EnableEvidence = z.object({
  checks: z.string().max(500),
  reads: z.int().min(1),
  waitedMs: z.int().min(0),
  inServiceAt: Instant,
});
export type EnableEvidence = z.infer<typeof EnableEvidence>;

/** The host is in service in every pool: seen, not assumed. */
export const LbEnabled = defineMessage('observation', 'lb.enabled', {
  ...onHost,
  evidence: EnableEvidence,
  pools: z.array(PoolSnapshot),
});

/** The host could not be put in service. */
export const LbEnableFailed = defineMessage('observation', 'lb.enable.failed', {
  ...onHost,
  kind: LbFailureKind,
  reason: z.string().max(2_000),
  pools: z.array(PoolSnapshot),
});

/**
 * Where a host stands with load balancers by the log: somebody was asked to take it out, it is out, somebody was asked to put it back,
 * or it is back. `epoch` is the newest claim under which anybody was asked.
 */
export const HostStanding = z.object({
  host: Certname,
  epoch: z.int().min(0),
  standing: z.enum(['asked-out', 'out', 'asked-in', 'in']),
  /** Where it is a member; told only of a host that is out. */
  memberships: z.array(Membership).max(20),
});
export type HostStanding = z.infer<typeof HostStanding>;

/** Every few seconds (plain topic, non-persistent): hosts that are out, and those whose standing changed lately. */
export const LbStanding = defineMessage('notice', 'lb.standing', {
  hosts: z.array(HostStanding).max(20_000),
});

/** Every message about load balancers. */
export const LB_MESSAGES = [
  LbSurveyRequested,
  LbDrainRequested,
  LbEnableRequested,
  LbPoolsSurveyed,
  LbDrained,
  LbDrainFailed,
  LbEnabled,
  LbEnableFailed,
  LbStanding,
] as const;
