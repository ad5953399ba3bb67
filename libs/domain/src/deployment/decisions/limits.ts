import { ignored, refused, type Decision } from '../../decision.js';
import type { Draft } from '../draft.js';
import type { DeploymentFact } from '../facts.js';
import type { DeploymentInput } from '../input.js';
import { unknownDeployment } from './unknown-deployment.js';

type Asked = Extract<DeploymentInput, { readonly type: 'deployment.change-limits' }>;

/** Other limits from now on. The pools' real state rules all the same, and what is in flight goes on. */
export function decideLimits(draft: Draft, { data }: Asked): Decision<DeploymentFact> | undefined {
  const { state } = draft;
  if (state.status === 'none') return unknownDeployment(draft.id);
  if (state.status !== 'running' && state.status !== 'paused') {
    return refused(
      'conflict',
      'cannot-change-limits',
      `the limits of a deployment that is ${state.status} cannot be changed`,
      'They can while it runs or is paused.',
    );
  }
  const { maxOutOfService, failureBudget } = state.target.strategy;
  const wanted = { maxOutOfService, failureBudget, ...definedOf(data) };
  if (wanted.maxOutOfService === maxOutOfService && wanted.failureBudget === failureBudget)
    return ignored('these are its limits already');
  draft.emit('deployment.limits-changed', { ...definedOf(data), reason: data.reason });
  return undefined;
}

/** What was named; an absent limit stays as it is. */
const definedOf = ({ maxOutOfService, failureBudget }: Asked['data']) => ({
  ...(maxOutOfService === undefined ? {} : { maxOutOfService }),
  ...(failureBudget === undefined ? {} : { failureBudget }),
});
