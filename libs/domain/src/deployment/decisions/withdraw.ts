import { ignored, type Decision } from '../../decision.js';
import { approvalSettled } from '../approval.js';
import type { Draft } from '../draft.js';
import type { DeploymentFact } from '../facts.js';
import type { DeploymentInput } from '../input.js';
import type { DeploymentState } from '../state.js';

type Withdrawal = Extract<DeploymentInput, { type: 'deployment.withdraw' }>;

/** Its release goes no further. What needs people's consent and does not have it yet ends; what has begun goes on to its end. */
export function decideWithdrawal(
  draft: Draft,
  { data }: Withdrawal,
): Decision<DeploymentFact> | undefined {
  if (!lacksApproval(draft.state)) return ignored('nothing keeps it from going on to its end');
  const waits = draft.state.status === 'awaiting-approval';
  if (data.because === 'superseded') {
    const { by, evr } = data;
    draft.emit('deployment.superseded', { by, evr });
    if (waits) approvalSettled(draft, `superseded by ${evr}`);
  } else {
    draft.emit('deployment.cancelled', {});
    if (waits) approvalSettled(draft, 'its release goes no further');
  }
  return undefined;
}

const lacksApproval = (state: DeploymentState): boolean =>
  state.status === 'awaiting-approval' ||
  (state.status === 'requested' && state.target.approval !== undefined);
