import { refused, type Decision } from '../../decision.js';
import type { DeploymentFact } from '../facts.js';
import type { Draft } from '../draft.js';
import type { DeploymentInput, RequestContext } from '../input.js';
import { requestHostSurvey, requestPoolSurvey } from '../steps.js';
import { badBuild } from './bad-build.js';
import { heldBackRefusal } from './held-back.js';
import { some } from '../../text.js';

type Request = Extract<DeploymentInput, { type: 'deployment.request' }>;

/** Accepts a deployment for planning, or refuses it at once with nothing changed. */
export function decideRequest(draft: Draft, input: Request): Decision<DeploymentFact> | undefined {
  const { data, context } = input;
  if (draft.state.status !== 'none') {
    return refused(
      'conflict',
      'deployment-exists',
      `deployment ${draft.id} exists already`,
      'Use a new Idempotency-Key for a new deployment.',
    );
  }
  const refusal = unknownThing(input) ?? guardRails(input);
  if (refusal !== undefined) return refusal;
  const { target } = context;
  if (target === undefined)
    return refused(
      'not-found',
      'unknown-build',
      'the build is not known',
      'Look at the builds list.',
    );
  const { reason, accept, release } = data;
  const link = release === undefined ? {} : { release };
  const { requesters } = context;
  const who = requesters === undefined ? {} : { requesters: [...new Set(requesters)] };
  draft.emit('deployment.requested', { reason, accept, target, ...link, ...who });
  requestHostSurvey(draft, target);
  requestPoolSurvey(draft);
  return undefined;
}

function unknownThing({ data, context }: Request): Decision<DeploymentFact> | undefined {
  if (!context.applications.includes(data.application)) {
    return refused(
      'not-found',
      'unknown-application',
      `there is no application ${data.application} in the fleet file`,
      `Known applications: ${some(context.applications)}.`,
    );
  }
  if (!context.environments.includes(data.environment)) {
    return refused(
      'not-found',
      'unknown-environment',
      `there is no environment ${data.environment} in the fleet file`,
      `Known environments: ${some(context.environments)}.`,
    );
  }
  if (!context.placedApplications.includes(data.application)) {
    return refused(
      'not-found',
      'not-placed',
      `${data.application} has no hosts in ${data.environment}`,
      'Place it there in the fleet file first.',
    );
  }
  const unknown = context.builds.filter((b) => b.state === 'unknown');
  if (unknown.length > 0) {
    return refused(
      'not-found',
      'unknown-build',
      `${unknown.map((b) => `${b.name}-${b.evr}`).join(', ')} was not seen in any watched repository`,
      'Check the version, or publish the RPM; a new build is seen at the latest one poll after createrepo_c ended.',
    );
  }
  return undefined;
}

function guardRails({ data, context }: Request): Decision<DeploymentFact> | undefined {
  const bad = badBuild(context.builds);
  if (bad !== undefined) return bad;
  if (context.activeDeployment !== undefined) {
    return refused(
      'conflict',
      'deployment-active',
      `${data.application} is being deployed to ${data.environment} already: ${context.activeDeployment}`,
      `Wait for it, or cancel or roll it back: gantry show ${context.activeDeployment}.`,
    );
  }
  return heldBack(context) ?? nobodyToAsk(context) ?? environmentByName(data, context);
}

/** Windows, freezes and holds bind whoever asks; a person may override one by its name, on record with the reason. */
function heldBack({ heldBack: held }: RequestContext): Decision<DeploymentFact> | undefined {
  if (held === undefined) return undefined;
  return heldBackRefusal(held, `To go ahead in spite of it: --accept ${held.id}.`);
}

/** It would wait for consents that nobody can give. */
function nobodyToAsk({
  target,
  approvers,
  requesters = [],
}: RequestContext): Decision<DeploymentFact> | undefined {
  if (target?.approval === undefined || approvers === undefined) return undefined;
  const { quorum, group = '' } = target.approval;
  const others = new Set(approvers.filter((one) => !requesters.some((r) => r === one)));
  if (others.size >= quorum) return undefined;
  return refused(
    'conflict',
    'too-few-approvers',
    `its plan needs ${quorum} approvals of the group ${group}, and without ${some(requesters)} it has ${others.size}`,
    'Let somebody else ask for it, or add people to the group in the fleet file.',
  );
}

function environmentByName(
  data: Request['data'],
  context: RequestContext,
): Decision<DeploymentFact> | undefined {
  if (!context.confirmByName || data.confirmEnvironment === data.environment) return undefined;
  return refused(
    'conflict',
    'confirm-environment',
    `${data.environment} wants its name typed`,
    `Ask again with --confirm ${data.environment}.`,
  );
}
