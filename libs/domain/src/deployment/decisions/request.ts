import { refused, type Decision } from '../../decision.js';
import type { DeploymentFact } from '../facts.js';
import type { Draft } from '../draft.js';
import type { DeploymentInput, RequestContext } from '../input.js';
import { requestHostSurvey, requestPoolSurvey } from '../steps.js';
import { some } from '../../text.js';
import { SURVEY_MS } from '../timing.js';

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
  draft.emit('deployment.requested', { reason, accept, target, ...link });
  requestHostSurvey(draft, target, SURVEY_MS);
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
  const bad = context.builds.find((b) => b.state === 'quarantined' || b.state === 'changed');
  if (bad !== undefined) {
    return refused(
      'conflict',
      `build-${bad.state}`,
      `${bad.name}-${bad.evr} is ${bad.state === 'quarantined' ? 'quarantined' : 'not the build that was seen first'}: ${bad.note}`,
      'A named person can lift this with a reason: gantry lift-quarantine NAME EVR --reason TEXT; or deploy another build.',
    );
  }
  const gone = context.builds.find((b) => b.state === 'gone');
  if (gone !== undefined) {
    return refused(
      'conflict',
      'build-gone',
      `${gone.name}-${gone.evr} was seen, and is in no repository any more`,
      'Publish the same RPM again, or deploy another build.',
    );
  }
  if (context.activeDeployment !== undefined) {
    return refused(
      'conflict',
      'deployment-active',
      `${data.application} is being deployed to ${data.environment} already: ${context.activeDeployment}`,
      `Wait for it, or cancel or roll it back: gantry show ${context.activeDeployment}.`,
    );
  }
  return heldBack(context) ?? environmentByName(data, context);
}

/** Windows, freezes and holds bind whoever asks; a person may override one by its name, on record with the reason. */
function heldBack({ heldBack: held }: RequestContext): Decision<DeploymentFact> | undefined {
  if (held === undefined) return undefined;
  const others = held.others.length === 0 ? '' : ` (and ${held.others.length} more)`;
  return refused(
    'conflict',
    held.rule,
    `${held.what}, by ${held.who}${others}`,
    `${held.todo} To go ahead in spite of it: --accept ${held.id}.`,
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
