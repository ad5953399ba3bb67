import type {
  DataOf,
  DeploymentId,
  DeploymentTarget,
  HostStep,
  OutcomeClass,
} from '@gantry/contracts';
import type { AttentionOpened } from '@gantry/contracts';
import { clip, some } from '../text.js';
import {
  attentionKeyOfApproval,
  attentionKeyOfDeployment,
  attentionKeyOfHost,
  attentionKeyOfWanted,
} from './attention-keys.js';

type Item = DataOf<typeof AttentionOpened>;
type Host = DeploymentTarget['hosts'][number]['host'];

const MAX_DETAIL = 4_000;

/** A host that ended its turn out of service. */
export function leftOutItem(
  deploymentId: DeploymentId,
  { application, environment, evr }: DeploymentTarget,
  host: Host,
  why: { readonly step: HostStep; readonly class: OutcomeClass; readonly reason: string },
): Item {
  return {
    key: attentionKeyOfHost(host),
    kind: 'host-out-of-service',
    title: `${host} is out of service`,
    detail: clip(
      `${application} ${evr} in ${environment}, step ${why.step} (${why.class}): ${why.reason}`,
      MAX_DETAIL,
    ),
    todo: 'Roll the deployment back, or mend the host and deploy again; it is put back only after its health was seen.',
    host,
    application,
    environment,
    deploymentId,
  };
}

/** A host that is to go back in service, and the load balancer does not take it in yet. */
export function notBackYetItem(
  deploymentId: DeploymentId,
  { application, environment, evr }: DeploymentTarget,
  host: Host,
  reason: string,
): Item {
  return {
    key: attentionKeyOfHost(host),
    kind: 'host-out-of-service',
    title: `${host} cannot be put back in service`,
    detail: clip(
      `${application} ${evr} in ${environment}: ${reason}. It is tried again, and no further host is taken out for it.`,
      MAX_DETAIL,
    ),
    todo: 'Look at the load balancer. Nothing else is to be done: the host goes in by itself when the device takes it.',
    host,
    application,
    environment,
    deploymentId,
  };
}

/** A host with its whole chain of proof that the load balancer does not show in service at the end. */
export function notSeenItem(
  deploymentId: DeploymentId,
  { application, environment, evr }: DeploymentTarget,
  host: Host,
): Item {
  return {
    key: attentionKeyOfHost(host),
    kind: 'host-out-of-service',
    title: `${host} is not in service although its turn ended well`,
    detail: `${application} ${evr} in ${environment}: the load balancer did not show it in service at the end`,
    todo: 'Look at the host and its health check on the load balancer.',
    host,
    application,
    environment,
    deploymentId,
  };
}

/** A host that is not out of service, and is still to have a version that was not proven on it. */
export function stillWantedItem(
  deploymentId: DeploymentId,
  { application, environment, evr }: DeploymentTarget,
  host: Host,
): Item {
  return {
    key: attentionKeyOfWanted(application, host),
    kind: 'version-still-wanted',
    title: `The next Puppet run on ${host} may bring ${application} ${evr}`,
    detail: `${environment}: it was to be published for ${host}, whose turn ended without it, and what it has was not published instead`,
    todo: `Before Puppet runs there again, by a refresh or for another application, deploy another build of ${application} than it has. A deployment of what it has passes it by: to keep that, set its version at its Puppet servers by hand.`,
    host,
    application,
    environment,
    deploymentId,
  };
}

/** A deployment that stopped and asks. */
export function stoppedItem(
  deploymentId: DeploymentId,
  { application, environment, evr }: DeploymentTarget,
  reason: string,
): Item {
  return {
    key: attentionKeyOfDeployment(deploymentId),
    kind: 'deployment-paused',
    title: `${application} ${evr} in ${environment} stopped`,
    detail: clip(reason, MAX_DETAIL),
    todo: 'Roll it back, or resume it to go on with the other hosts, or cancel it.',
    application,
    environment,
    deploymentId,
  };
}

/** A rollback that could not bring every host back. */
export function notBackItem(
  deploymentId: DeploymentId,
  { application, environment, evr }: DeploymentTarget,
  hosts: readonly string[],
): Item {
  return {
    key: attentionKeyOfDeployment(deploymentId),
    kind: 'rollback-failed',
    title: `Rolling back ${application} ${evr} in ${environment} failed`,
    detail: clip(`not back: ${some(hosts, 30)}`, MAX_DETAIL),
    todo: 'Mend these hosts by hand or deploy a good build to them; a rollback is never rolled back.',
    application,
    environment,
    deploymentId,
  };
}

/** A plan that waits for people's consent. */
export function awaitingItem(
  deploymentId: DeploymentId,
  { application, environment, evr, approval }: DeploymentTarget,
  { planHash, expiresAt }: { readonly planHash: string; readonly expiresAt: string },
): Item {
  const { quorum = 1, group } = approval ?? {};
  const who = group === undefined ? 'anybody but whoever asked for it' : `the group ${group}`;
  return {
    key: attentionKeyOfApproval(deploymentId),
    kind: 'approval-needed',
    title: `${application} ${evr} in ${environment} waits for approval`,
    detail: clip(`${quorum} of ${who}, until ${expiresAt}; plan ${planHash}`, MAX_DETAIL),
    todo: `Look at the plan and agree to it: gantry approve ${deploymentId}; or say no: gantry reject ${deploymentId}.`,
    application,
    environment,
    deploymentId,
  };
}
