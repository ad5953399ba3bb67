import type { DeploymentTarget, Sha256 } from '@gantry/contracts';
import { plusMs, reached } from '../time.js';
import { awaitingItem } from './attention.js';
import { attentionKeyOfApproval } from './attention-keys.js';
import type { Draft } from './draft.js';
import type { AwaitingApproval } from './state.js';

/** People are asked for their consent to the plan. */
export function askForApproval(draft: Draft, target: DeploymentTarget, planHash: Sha256): void {
  const { approval } = target;
  if (approval === undefined) return;
  const { quorum, group, expiresAfterMs } = approval;
  const expiresAt = plusMs(draft.now, expiresAfterMs);
  draft.emit('deployment.approval-requested', {
    ...{ planHash, quorum, expiresAt },
    ...(group === undefined ? {} : { group }),
  });
  draft.emitBeside('attention.opened', awaitingItem(draft.id, target, { planHash, expiresAt }));
}

/** Nobody needs to be asked any more. */
export const approvalSettled = (draft: Draft, because: string): void =>
  draft.emitBeside('attention.closed', { key: attentionKeyOfApproval(draft.id), because });

/** Its time is over: whatever was consented to, it does not begin. */
export function expire(draft: Draft, { consents, target, expiresAt }: AwaitingApproval): void {
  const wanted = target.approval?.quorum ?? 1;
  const because = `${consents.length} of ${wanted} approvals by ${expiresAt}, when its time was over`;
  draft.emit('deployment.expired', { because });
  approvalSettled(draft, 'its time is over');
}

/** Whether nothing can begin it any more. */
export const isExpired = ({ expiresAt }: AwaitingApproval, now: string): boolean =>
  reached(expiresAt, now);
