import { DeploymentId } from '@gantry/contracts';
import {
  claimsOfDeployment,
  decide,
  evolve,
  initialDeployment,
  isActive,
  isTerminal,
  TRANSITIONS,
  isRollout,
  wakeUpAt,
  type DeploymentFact,
  type DeploymentInput,
  type DeploymentState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** Deployments: stream `deployment-<uuid>`. */
export const deploymentAggregate: Aggregate<DeploymentState, DeploymentFact, DeploymentInput> = {
  streamType: 'deployment',
  initial: initialDeployment,
  evolve,
  decide: (input, state, context) =>
    decide(input, state, { ...context, id: DeploymentId.parse(context.id) }),
  locksOf: (state) =>
    isActive(state)
      ? [
          ...state.target.pools.map((p) => `pool:${p.pool}`),
          ...state.target.puppetServers.map((s) => `server:${s.server}`),
        ]
      : [],
  claimsOf: claimsOfDeployment,
  wakeUpAt,
  wantsPlace: (state) =>
    isActive(state) && isRollout(state) && state.hosts.some((h) => h.phase.status === 'queued'),
  slotOf: (state) => (isActive(state) ? state.target : undefined),
};

/** Types of the events that end a deployment. */
export const DEPLOYMENT_ENDS = Object.keys(TRANSITIONS)
  .filter((status) => isTerminal(status as keyof typeof TRANSITIONS))
  .map((status) => `deployment.${status}`);
