import type { DeploymentFact } from './facts.js';
import { ask } from './pending.js';
import type {
  AwaitingApproval,
  DeploymentState,
  PoolsAsked,
  Requested,
  Rollout,
  Surveying,
} from './state.js';

/** The state after the first fact. */
export function requested(
  fact: Extract<DeploymentFact, { type: 'deployment.requested' }>,
): Requested {
  const { target, accept, release, requesters = [] } = fact.data;
  return {
    status: 'requested',
    target,
    accept,
    release,
    requestedAt: fact.at,
    requesters,
    hostsAsked: undefined,
    poolsAsked: undefined,
    surveyed: {},
    pools: undefined,
    unreadable: [],
  };
}

/** While planning only the survey's answers and the plan's end matter. */
export function evolveRequested(state: Requested, fact: DeploymentFact): DeploymentState {
  return beforeRollout(state, fact) ?? state;
}

/** The same answers are taken for another look at the world, once everybody has consented to the plan. */
export function evolveAwaiting(state: AwaitingApproval, fact: DeploymentFact): DeploymentState {
  if (fact.type === 'deployment.approved') {
    const consent = { by: fact.data.by, at: fact.at };
    return { ...state, consents: [...state.consents, consent] };
  }
  if (fact.type === 'deployment.approvals-voided')
    return { ...state, consents: [], hostsAsked: undefined };
  if (fact.type === 'deployment.expired')
    return { status: 'expired', target: state.target, hosts: [] };
  return beforeRollout(state, fact) ?? state;
}

function beforeRollout(
  state: Requested | AwaitingApproval,
  fact: DeploymentFact,
): DeploymentState | undefined {
  if (fact.type === 'puppet.survey.requested') return hostsAsked(state, fact);
  if (fact.type === 'deployment.host-surveyed')
    return { ...state, surveyed: { ...state.surveyed, [fact.data.host]: fact.data } };
  if (fact.type === 'lb.survey.requested')
    return { ...state, poolsAsked: asked(state.poolsAsked, fact) };
  if (fact.type === 'deployment.pools-surveyed') {
    const { pools, unreadable } = fact.data;
    return { ...state, pools, unreadable, poolsAsked: answered(state.poolsAsked) };
  }
  if (fact.type === 'deployment.planned') return planned(state, fact);
  if (fact.type === 'deployment.refused')
    return { status: 'refused', target: state.target, hosts: [] };
  if (fact.type === 'deployment.superseded')
    return { status: 'superseded', target: state.target, hosts: [] };
  if (fact.type === 'deployment.cancelled')
    return { status: 'cancelled', target: state.target, hosts: [] };
  return undefined;
}

/** Asked again under the same id, what was answered already is kept. */
function hostsAsked<S extends Surveying>(
  state: S,
  fact: Extract<DeploymentFact, { type: 'puppet.survey.requested' }>,
): S {
  const now = ask(state.hostsAsked, fact);
  const unanswered = now.asks === 1 ? { surveyed: {}, pools: undefined, unreadable: [] } : {};
  return { ...state, ...unanswered, hostsAsked: { ...now, seq: fact.data.seq } };
}

/** The plan is not begun: people are asked. */
export function awaiting(
  state: Rollout,
  fact: Extract<DeploymentFact, { type: 'deployment.approval-requested' }>,
): AwaitingApproval | Rollout {
  if (state.status !== 'planned') return state;
  const { target, accept, release, requestedAt, requesters, poolsAsked } = state;
  const { planHash, expiresAt } = fact.data;
  return {
    status: 'awaiting-approval',
    ...{ target, accept, release, requestedAt, requesters, poolsAsked, planHash, expiresAt },
    ...{ hostsAsked: undefined, surveyed: {}, pools: undefined, unreadable: [] },
    consents: [],
  };
}

function planned(
  state: Surveying,
  fact: Extract<DeploymentFact, { type: 'deployment.planned' }>,
): Rollout {
  const { plan } = fact.data;
  const memberships = new Map(state.target.hosts.map((h) => [h.host, h.memberships]));
  return {
    status: 'planned',
    target: state.target,
    accept: state.accept,
    release: state.release,
    requestedAt: state.requestedAt,
    requesters: state.requesters,
    planned: plan.pools,
    hosts: plan.hosts.map((h, index) => ({
      index,
      host: h.host,
      memberships: memberships.get(h.host) ?? [],
      from: h.from,
      canary: h.canary,
      phase: { status: 'queued' },
      turn: undefined,
      attempts: 0,
      touched: false,
      out: false,
      endedAt: undefined,
    })),
    direction: 'forward',
    pools: state.pools ?? [],
    poolsAt: state.poolsAsked?.since ?? fact.at,
    poolsAsked: state.poolsAsked,
    pausedFor: undefined,
    heldBy: undefined,
    acceptedFailures: 0,
    acceptedOut: 0,
    since: fact.at,
    movedAt: fact.at,
  };
}

type Asked = Extract<DeploymentFact, { type: 'lb.survey.requested' }>;

/** The pools are being read. */
export const asked = (before: PoolsAsked | undefined, fact: Asked): PoolsAsked => ({
  ...ask(before, fact),
  answered: false,
});

/** They have been read. */
export const answered = (before: PoolsAsked | undefined): PoolsAsked | undefined =>
  before && { ...before, answered: true };
