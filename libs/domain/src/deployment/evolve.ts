import type { Direction, PoolSnapshot, RolloutLimits } from '@gantry/contracts';
import type { DeploymentFact } from './facts.js';
import { evolveHost, type HostFact } from './evolve-host.js';
import {
  answered,
  asked,
  awaiting,
  evolveAwaiting,
  evolveRequested,
  requested,
} from './evolve-before.js';
import { isLeftOut, standsOut } from './standing.js';
import {
  isInFlight,
  type DeploymentHost,
  type DeploymentState,
  type Ended,
  type Rollout,
} from './state.js';

/** The state after the fact. Total, never throws, never decides. */
export function evolve(state: DeploymentState, fact: DeploymentFact): DeploymentState {
  switch (state.status) {
    case 'none':
      return fact.type === 'deployment.requested' ? requested(fact) : state;
    case 'requested':
      return evolveRequested(state, fact);
    case 'awaiting-approval':
      return evolveAwaiting(state, fact);
    case 'planned':
    case 'running':
    case 'paused':
    case 'verifying':
    case 'cancelling':
    case 'rolling-back':
      return evolveRollout(state, fact);
    case 'refused':
    case 'succeeded':
    case 'succeeded-with-failures':
    case 'failed':
    case 'cancelled':
    case 'rolled-back':
    case 'rollback-failed':
    case 'expired':
    case 'superseded':
      return state;
  }
}

function evolveRollout(state: Rollout, fact: DeploymentFact): DeploymentState {
  if (isHostFact(fact)) return withHost(state, fact);
  switch (fact.type) {
    case 'deployment.requested':
    case 'deployment.planned':
    case 'deployment.refused':
    case 'puppet.survey.requested':
    case 'deployment.approved':
    case 'deployment.approvals-voided':
    case 'deployment.rejected':
    case 'deployment.expired':
    case 'deployment.superseded':
      return state;
    case 'deployment.approval-requested':
      return awaiting(state, fact);
    case 'deployment.started':
      return to(state, 'running', fact.at);
    case 'lb.survey.requested':
      return { ...state, poolsAsked: asked(state.poolsAsked, fact) };
    case 'deployment.pools-surveyed':
      return withPools(state, fact.data.pools);
    case 'deployment.paused':
      return {
        ...to(state, 'paused', fact.at),
        pausedFor: fact.data.because,
        heldBy: fact.data.binding,
      };
    case 'deployment.resumed':
      return resumed(state, fact);
    case 'deployment.limits-changed':
      return withLimits(state, fact.data);
    case 'deployment.cancel-requested':
      return to(state, 'cancelling', fact.at);
    case 'deployment.rollback-started':
      return rollingBack(state, fact.data.hosts, fact.at);
    case 'deployment.verifying':
      return to(state, 'verifying', fact.at);
    case 'deployment.succeeded':
    case 'deployment.succeeded-with-failures':
    case 'deployment.failed':
    case 'deployment.cancelled':
    case 'deployment.rolled-back':
    case 'deployment.rollback-failed':
      return { status: ENDS[fact.type], target: state.target, hosts: state.hosts };
  }
}

/** What a person accepts who resumes a deployment of a build that is in no repository any more. */
export const BUILD_GONE = 'build-gone';

/** A person who resumes accepts what has failed so far, and overrides what held it; that something has ended accepts nothing. */
function resumed(
  state: Rollout,
  { at, data }: Extract<DeploymentFact, { type: 'deployment.resumed' }>,
): Rollout {
  const overridden = state.heldBy ?? (state.pausedFor === 'build-gone' ? BUILD_GONE : undefined);
  const going = {
    ...to(state, 'running', at),
    pausedFor: undefined,
    heldBy: undefined,
    poolsAt: NEVER,
  };
  if (data.because === 'binding-ended') return going;
  return {
    ...going,
    accept: overridden === undefined ? state.accept : [...state.accept, overridden],
    acceptedFailures: failures(state).length,
    acceptedOut: state.hosts.filter((h) => isLeftOut(h, state)).length,
  };
}

const isHostFact = (fact: DeploymentFact): fact is HostFact => 'host' in fact.data;

const ENDS = {
  'deployment.succeeded': 'succeeded',
  'deployment.succeeded-with-failures': 'succeeded-with-failures',
  'deployment.failed': 'failed',
  'deployment.cancelled': 'cancelled',
  'deployment.rolled-back': 'rolled-back',
  'deployment.rollback-failed': 'rollback-failed',
} as const satisfies Record<string, Ended['status']>;

const to = (state: Rollout, status: Rollout['status'], at: string): Rollout => ({
  ...state,
  status,
  since: at,
  movedAt: at,
});

/** Older than everything: the readings were contradicted, or a person wants them looked at again. */
const NEVER = '1970-01-01T00:00:00.000Z';

function withHost(state: Rollout, fact: HostFact): Rollout {
  const hosts = state.hosts.map((h) =>
    h.host === fact.data.host ? evolveHost(h, fact, standsOut(h, state)) : h,
  );
  if (fact.type === 'deployment.host-retried') return acceptingNoMore({ ...state, hosts });
  const contradicted = fact.type === 'deployment.host-step-delayed' && fact.data.step === 'reserve';
  return { ...state, hosts, movedAt: fact.at, poolsAt: contradicted ? NEVER : state.poolsAt };
}

/** What a person had accepted does not cover failures to come in place of one that is given another turn. */
function acceptingNoMore(state: Rollout): Rollout {
  const out = state.hosts.filter((h) => isLeftOut(h, state) && h.phase.status !== 'queued').length;
  return {
    ...state,
    acceptedFailures: Math.min(state.acceptedFailures, failures(state).length),
    acceptedOut: Math.min(state.acceptedOut, out),
    poolsAt: NEVER,
  };
}

function withLimits(state: Rollout, { maxOutOfService, failureBudget }: RolloutLimits): Rollout {
  const { strategy } = state.target;
  const changed = {
    ...strategy,
    maxOutOfService: maxOutOfService ?? strategy.maxOutOfService,
    failureBudget: failureBudget ?? strategy.failureBudget,
  };
  return { ...state, target: { ...state.target, strategy: changed } };
}

/** Newer readings replace older ones of the same pool; pools not read keep theirs. */
function withPools(state: Rollout, read: readonly PoolSnapshot[]): Rollout {
  const names = new Set(read.map((p) => p.pool));
  const complete = state.target.pools.every((p) => names.has(p.pool));
  return {
    ...state,
    pools: [...state.pools.filter((p) => !names.has(p.pool)), ...read],
    poolsAt: complete ? (state.poolsAsked?.since ?? state.poolsAt) : state.poolsAt,
    poolsAsked: answered(state.poolsAsked),
  };
}

/** Hosts whose turn is over are queued for the way back; hosts in flight first come to a point where they can turn. */
function rollingBack(state: Rollout, back: readonly string[], at: string): Rollout {
  const direction: Direction = 'back';
  const hosts = state.hosts.map((h): DeploymentHost => {
    if (isInFlight(h)) return h;
    if (back.includes(h.host)) return { ...h, phase: { status: 'queued' } };
    return h.phase.status === 'queued'
      ? { ...h, phase: { status: 'skipped', reason: 'rolled back before its turn' } }
      : h;
  });
  const given = state.hosts.filter((h) => !back.includes(h.host) && isLeftOut(h, state));
  return {
    ...to(state, 'rolling-back', at),
    direction,
    hosts,
    pausedFor: undefined,
    acceptedOut: given.length,
  };
}

/** Hosts that count against the failure budget. */
export const failures = (state: Rollout): readonly DeploymentHost[] =>
  state.hosts.filter((h) => h.phase.status === 'failed');
