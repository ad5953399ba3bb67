import type { DeploymentId } from '@gantry/contracts';
import { ignored, type Decision, type Meta } from '../decision.js';
import { advance } from './advance.js';
import type { Admission } from './admission.js';
import { decideBinding } from './decisions/binding.js';
import { decideBuildGone } from './decisions/build-gone.js';
import { decideApproval } from './decisions/approval.js';
import { decideHostAction } from './decisions/host-action.js';
import { decideLimits } from './decisions/limits.js';
import { decidePeople } from './decisions/people.js';
import { decideObservation } from './decisions/observation.js';
import { decideRequest } from './decisions/request.js';
import { decideHostSurveyed, decidePoolsSurveyed } from './decisions/survey.js';
import { onTick } from './decisions/tick.js';
import { decideWithdrawal } from './decisions/withdraw.js';
import { Draft } from './draft.js';
import type { DeploymentFact } from './facts.js';
import type { DeploymentInput } from './input.js';
import type { DeploymentState } from './state.js';

/** What a deployment is told besides the input. */
export interface DeploymentContext {
  readonly id: DeploymentId;
  readonly meta: Meta;
  readonly admission: Admission;
}

/** The decision on one input: what happened, and what is asked of the world next. Pure. */
export function decide(
  input: DeploymentInput,
  state: DeploymentState,
  context: DeploymentContext,
): Decision<DeploymentFact> {
  const draft = new Draft(context.id, state, context.meta, context.admission);
  const answer = take(draft, input);
  if (answer !== undefined) return answer;
  advance(draft);
  if (draft.facts.length === 0 && draft.also.length === 0)
    return ignored('nothing follows from it now');
  return { outcome: 'accepted', events: draft.facts, also: draft.also };
}

function take(draft: Draft, input: DeploymentInput): Decision<DeploymentFact> | undefined {
  switch (input.type) {
    case 'deployment.request':
      return decideRequest(draft, input);
    case 'deployment.pause':
    case 'deployment.resume':
    case 'deployment.cancel':
    case 'deployment.rollback':
      return decidePeople(draft, input);
    case 'deployment.approve':
    case 'deployment.reject':
      return decideApproval(draft, input);
    case 'deployment.withdraw':
      return decideWithdrawal(draft, input);
    case 'deployment.skip-host':
    case 'deployment.retry-host':
      return decideHostAction(draft, input);
    case 'deployment.change-limits':
      return decideLimits(draft, input);
    case 'puppet.host.surveyed':
      return decideHostSurveyed(draft, input);
    case 'lb.pools.surveyed':
      return decidePoolsSurveyed(draft, input);
    case 'lb.drained':
    case 'lb.drain.failed':
    case 'lb.enabled':
    case 'lb.enable.failed':
    case 'puppet.version.published':
    case 'puppet.publish.failed':
    case 'puppet.run.waiting':
    case 'puppet.run.started':
    case 'puppet.run.finished':
    case 'puppet.health.observed':
    case 'puppet.run.status':
      return decideObservation(draft, input);
    case 'build.gone':
      return decideBuildGone(draft, input);
    case 'deployment.binding':
      return decideBinding(draft, input.verdict);
    case 'tick':
      onTick(draft);
      return undefined;
  }
}
