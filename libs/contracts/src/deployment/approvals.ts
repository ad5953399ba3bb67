import { z } from 'zod';
import { defineMessage } from '../define.js';
import {
  ActorId,
  DeploymentId,
  Evr,
  GroupName,
  Instant,
  Reason,
  ReleaseId,
  Sha256,
} from '../ids.js';

const onPlan = { deploymentId: DeploymentId, reason: Reason, planHash: Sha256 };
/** A person agrees to the plan with this hash, and to no other. */
export const ApproveDeployment = defineMessage('command', 'deployment.approve', onPlan);
/** A person does not agree: the deployment ends before it begins. */
export const RejectDeployment = defineMessage('command', 'deployment.reject', onPlan);

/** The plan waits for people's consent, to this very plan and no other, until `expiresAt`. */
export const DeploymentApprovalRequested = defineMessage('event', 'deployment.approval-requested', {
  planHash: Sha256,
  quorum: z.int().min(1),
  group: GroupName.optional(),
  expiresAt: Instant,
});
/** One person's consent to one plan. */
export const DeploymentApproved = defineMessage('event', 'deployment.approved', {
  planHash: Sha256,
  by: ActorId,
  reason: Reason,
});
/** The world has changed, and so has the plan: what was consented to counts no more. */
export const DeploymentApprovalsVoided = defineMessage('event', 'deployment.approvals-voided', {
  planHash: Sha256,
  because: z.string().min(1).max(500),
});
/** A person said no to the plan: it is refused. */
export const DeploymentRejected = defineMessage('event', 'deployment.rejected', {
  planHash: Sha256,
  by: ActorId,
  reason: Reason,
});
/** Its time was over before it began; nothing was done and nothing will be. */
export const DeploymentExpired = defineMessage('event', 'deployment.expired', {
  because: z.string().min(1).max(500),
});
/** A newer build of its release's pipeline is on its way, and nobody had consented to this one; nothing was done and nothing will be. */
export const DeploymentSuperseded = defineMessage('event', 'deployment.superseded', {
  by: ReleaseId,
  evr: Evr,
});
/** Every message of approvals, for the registry. */
export const APPROVAL_MESSAGES = [
  ApproveDeployment,
  RejectDeployment,
  DeploymentApprovalRequested,
  DeploymentApproved,
  DeploymentApprovalsVoided,
  DeploymentRejected,
  DeploymentExpired,
  DeploymentSuperseded,
] as const;
