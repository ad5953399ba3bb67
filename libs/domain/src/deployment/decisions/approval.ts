import { SERVICES, type RequestId } from '@gantry/contracts';
import { ignored, refused, type Decision } from '../../decision.js';
import { approvalSettled, isExpired } from '../approval.js';
import type { Draft } from '../draft.js';
import type { DeploymentFact } from '../facts.js';
import type { DeploymentInput } from '../input.js';
import type { AwaitingApproval } from '../state.js';
import { requestHostSurvey, requestPoolSurvey } from '../steps.js';
import { badBuild } from './bad-build.js';
import { heldBackRefusal } from './held-back.js';
import { unknownDeployment } from './unknown-deployment.js';

type Said = Extract<DeploymentInput, { type: 'deployment.approve' | 'deployment.reject' }>;

/** A person agrees to a plan, or does not. Only who may agree may say no: whoever asked for it cancels it instead. */
export function decideApproval(draft: Draft, input: Said): Decision<DeploymentFact> | undefined {
  const { state } = draft;
  if (state.status === 'none') return unknownDeployment(draft.id);
  if (state.status !== 'awaiting-approval') {
    return refused(
      'conflict',
      'not-awaiting-approval',
      `a deployment that is ${state.status} waits for nobody's approval`,
      `Look at it: gantry show ${draft.id}.`,
    );
  }
  const refusal = mayNotSpeak(input, state) ?? aboutAnotherPlan(draft, input, state);
  if (refusal !== undefined) return refusal;
  if (input.type === 'deployment.approve') return approve(draft, input, state);
  reject(draft, input);
  return undefined;
}

/** Another person than whoever asked for it, of the group, and no machine. */
function mayNotSpeak(
  { context: { by, members } }: Said,
  { requesters, target }: AwaitingApproval,
): Decision<DeploymentFact> | undefined {
  const others = 'Ask somebody else who may.';
  if (isAutomation(by))
    return refused('conflict', 'approver-is-automation', `${by} is no person`, others);
  if (requesters.includes(by))
    return refused(
      'conflict',
      'approver-is-requester',
      `${by} has asked for it, and cannot approve it as well`,
      `${others} What is not wanted any more can be cancelled.`,
    );
  if (members !== undefined && !members.includes(by))
    return refused(
      'conflict',
      'approver-not-in-group',
      `${by} is not in the group ${target.approval?.group ?? ''}`,
      others,
    );
  return undefined;
}

/** Actors that are no persons: Gantry's own services, and CI by whatever name after `ci`. */
export const isAutomation = (actor: string): boolean =>
  /^ci(?:[._@-]|$)/i.test(actor) || (SERVICES as readonly string[]).includes(actor);

function aboutAnotherPlan(
  draft: Draft,
  { data }: Said,
  state: AwaitingApproval,
): Decision<DeploymentFact> | undefined {
  if (isExpired(state, draft.now))
    return refused(
      'conflict',
      'approval-expired',
      `the time for it was over at ${state.expiresAt}`,
      'Ask for the deployment anew.',
    );
  if (data.planHash === state.planHash) return undefined;
  return refused(
    'conflict',
    'plan-changed',
    `the plan with this hash is not the plan that stands: ${state.planHash}`,
    `Look at the plan as it is now: gantry approve ${draft.id}.`,
  );
}

function approve(
  draft: Draft,
  { data, context }: Said,
  state: AwaitingApproval,
): Decision<DeploymentFact> | undefined {
  const { by, members, builds, heldBack } = context;
  if (state.consents.some((c) => c.by === by))
    return refused(
      'conflict',
      'approved-already',
      `${by} has approved this plan already`,
      'A further approval must be that of another person.',
    );
  if (state.hostsAsked !== undefined) return ignored('it has every approval that it needs');
  const bad = badBuild(builds);
  if (bad !== undefined) return bad;
  // Whoever has left the group since does not count any more.
  const counted = state.consents.filter((c) => members?.includes(c.by) ?? true).length + 1;
  const full = counted >= (state.target.approval?.quorum ?? 1);
  if (full && heldBack !== undefined) return heldBackRefusal(heldBack, 'It can be approved then.');
  draft.emit('deployment.approved', { planHash: state.planHash, by, reason: data.reason });
  if (full) lookAgain(draft, state);
  return undefined;
}

/** The world may have changed since the plan was made: nothing begins that nobody has seen. */
function lookAgain(draft: Draft, { target }: AwaitingApproval): void {
  const requestId = `${draft.id}-f${draft.number()}` as RequestId;
  requestHostSurvey(draft, target, requestId);
  requestPoolSurvey(draft, { anew: true });
}

function reject(draft: Draft, { data, context: { by } }: Said): void {
  const { planHash, reason } = data;
  draft.emit('deployment.rejected', { planHash, by, reason });
  const message = `${by} did not approve it: ${reason}`;
  const todo = 'Ask for another deployment.';
  const finding = { severity: 'block', code: 'rejected', message, todo } as const;
  draft.emit('deployment.refused', { findings: [finding] });
  approvalSettled(draft, 'it was rejected');
}
