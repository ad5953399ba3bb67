import { ignored, type Decision } from '../../decision.js';
import type { DeploymentFact } from '../facts.js';
import type { Draft } from '../draft.js';
import type { DeploymentInput } from '../input.js';
import { isSurveying } from '../state.js';

type HostSurveyed = Extract<DeploymentInput, { type: 'puppet.host.surveyed' }>;
type PoolsSurveyed = Extract<DeploymentInput, { type: 'lb.pools.surveyed' }>;

/** A host answered the planning survey. */
export function decideHostSurveyed(
  draft: Draft,
  { data, gone = [] }: HostSurveyed,
): Decision<DeploymentFact> | undefined {
  const { state } = draft;
  if (!isSurveying(state)) return ignored('the plan is made already');
  if (data.requestId !== state.hostsAsked.requestId)
    return ignored('it answers an earlier question');
  if (state.surveyed[data.host] !== undefined) return ignored(`${data.host} has answered already`);
  if (!state.target.hosts.some((h) => h.host === data.host))
    return ignored(`${data.host} is no host of this deployment`);
  const { requestId: _asked, ...facts } = data;
  draft.emit('deployment.host-surveyed', gone.length === 0 ? facts : { ...facts, gone });
  return undefined;
}

/** Pools were read: for the plan, for the window, or for the end. */
export function decidePoolsSurveyed(
  draft: Draft,
  { data }: PoolsSurveyed,
): Decision<DeploymentFact> | undefined {
  const state = draft.active();
  if (state === undefined) return ignored('the deployment has ended');
  const { poolsAsked } = state;
  if (poolsAsked === undefined || poolsAsked.answered || poolsAsked.requestId !== data.requestId)
    return ignored('nobody waits for this reading');
  draft.emit('deployment.pools-surveyed', { pools: data.pools, unreadable: data.unreadable });
  return undefined;
}
