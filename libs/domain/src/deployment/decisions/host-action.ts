import type { HostAction, HostStatus } from '@gantry/contracts';
import { ignored, refused, type Decision } from '../../decision.js';
import type { Draft } from '../draft.js';
import type { DeploymentFact } from '../facts.js';
import type { DeploymentInput } from '../input.js';
import type { DeploymentHost } from '../state.js';
import { allowedHostActions } from '../status.js';
import { unknownDeployment } from './unknown-deployment.js';

type Asked = Extract<
  DeploymentInput,
  { readonly type: 'deployment.skip-host' | 'deployment.retry-host' }
>;

const ACTION = {
  'deployment.skip-host': 'skip',
  'deployment.retry-host': 'retry',
} as const satisfies Record<Asked['type'], HostAction>;
/** What the host is after the action: asking again for what is so already has no effect. */
const REACHED = { skip: 'skipped', retry: 'queued' } as const satisfies Record<HostAction, string>;
const PHRASE = { skip: 'skipped', retry: 'given another turn' } as const;

/**
 * Skip or retry one host. A retry is also how a host that was left out is put back: it takes its whole turn, so that nothing
 * goes back in service without its proof.
 */
export function decideHostAction(draft: Draft, input: Asked): Decision<DeploymentFact> | undefined {
  const { state } = draft;
  if (state.status === 'none') return unknownDeployment(draft.id);
  const action = ACTION[input.type];
  const { host: name, reason } = input.data;
  const host = 'hosts' in state ? state.hosts.find((h) => h.host === name) : undefined;
  if (host === undefined) {
    return refused(
      'not-found',
      'unknown-host',
      `${name} is no host of this deployment`,
      'Look at its hosts: gantry show ID.',
    );
  }
  const status = statusOf(host);
  if (status === REACHED[action]) return ignored(`${name} is ${status} already`);
  if (!allowedHostActions(state.status, status).includes(action))
    return refusedNow(action, `${name} is ${status} and its deployment ${state.status}: it`);
  if (action === 'skip' && host.out) {
    return refused(
      'conflict',
      'cannot-skip-host',
      `${name} is out of service: skipping it would leave it out`,
      'Let it have its turn, or roll back.',
    );
  }
  if (action === 'skip')
    draft.emit('deployment.host-skipped', { host: host.host, reason: `by a person: ${reason}` });
  else draft.emit('deployment.host-retried', { host: host.host, reason });
  return undefined;
}

const refusedNow = (action: HostAction, what: string): Decision<never> =>
  refused(
    'conflict',
    `cannot-${action}-host`,
    `${what} cannot be ${PHRASE[action]} now`,
    action === 'skip'
      ? 'Only a host that waits for its turn can be skipped; a host in flight comes to its end.'
      : 'Only a host that has failed or was skipped can have another turn, while its deployment goes on.',
  );

/** The status people see: a delayed host is at the step it will try again. */
function statusOf({ phase }: DeploymentHost): HostStatus {
  return phase.status === 'delayed' ? 'reserving' : phase.status;
}
