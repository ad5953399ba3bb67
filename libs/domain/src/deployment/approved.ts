import { approvalSettled, askForApproval, expire, isExpired } from './approval.js';
import type { Draft } from './draft.js';
import { begin, planWhenAnswered } from './planning.js';
import type { AwaitingApproval } from './state.js';

/**
 * Once everybody has consented the plan is made again from what is true now. The very same plan begins; another one is asked for anew.
 */
export function continueApproval(draft: Draft, state: AwaitingApproval): void {
  if (isExpired(state, draft.now)) {
    expire(draft, state);
    return;
  }
  if (state.hostsAsked === undefined) return;
  const made = planWhenAnswered(draft, state);
  if (made === undefined) return;
  const { plan, planHash, stops } = made;
  if (stops) {
    draft.emit('deployment.refused', { findings: plan.findings });
    approvalSettled(draft, 'it cannot be done any more');
  } else if (planHash === state.planHash) {
    draft.emit('deployment.planned', { planHash, plan });
    approvalSettled(draft, 'it was approved');
    begin(draft, state, plan);
  } else {
    const because = 'hosts or pools are not as they were when the plan was made';
    draft.emit('deployment.approvals-voided', { planHash: state.planHash, because });
    approvalSettled(draft, 'the plan has changed');
    draft.emit('deployment.planned', { planHash, plan });
    askForApproval(draft, state.target, planHash);
  }
}
