import type { ApprovalView } from '@gantry/contracts';
import type { DeploymentRecord } from './deployment.record.js';
import type { Handlers } from './projection.js';

/** Events of a deployment's stream that concern people's consent to its plan. */
export type ApprovalEventType =
  | 'deployment.approval-requested'
  | 'deployment.approved'
  | 'deployment.approvals-voided'
  | 'deployment.rejected'
  | 'deployment.expired'
  | 'deployment.superseded';

/** What each event does to the deployment as its page shows it. */
export const APPROVAL_HANDLERS: Handlers<ApprovalEventType, DeploymentRecord> = {
  'deployment.approval-requested': (record, { data }) => ({
    ...record,
    status: 'awaiting-approval',
    approval: {
      planHash: data.planHash,
      quorum: data.quorum,
      group: data.group ?? null,
      expiresAt: data.expiresAt,
      given: [],
      missing: data.quorum,
      note: record.approval?.note ?? '',
    },
  }),
  'deployment.approved': (record, { data: { by, reason }, at }) =>
    withApproval(record, (view) => ({
      given: [...view.given, { by, at, reason }],
      missing: Math.max(0, view.missing - 1),
    })),
  'deployment.approvals-voided': (record, { data }) =>
    withApproval(record, (view) => ({
      ...{ given: [], missing: view.quorum },
      note: `approvals of an earlier plan do not count: ${data.because}`,
    })),
  'deployment.rejected': (record, { data: { by, reason } }) =>
    withApproval(record, () => ({ note: `${by} did not approve it: ${reason}` })),
  'deployment.expired': (record, { data, at }) =>
    withApproval({ ...record, status: 'expired', endedAt: at }, () => ({ note: data.because })),
  'deployment.superseded': (record, { data, at }) =>
    withApproval({ ...record, status: 'superseded', endedAt: at }, () => ({
      note: `${data.evr} is newer (release ${data.by})`,
    })),
};

function withApproval(
  record: DeploymentRecord,
  change: (view: ApprovalView) => Partial<ApprovalView>,
): DeploymentRecord {
  const { approval } = record;
  return approval === null ? record : { ...record, approval: { ...approval, ...change(approval) } };
}
