import type { DeploymentId } from '@gantry/contracts';
import { ignored, type Decision, type Meta } from '../decision.js';
import { advance } from './advance.js';
import type { Admission } from './admission.js';
import { decidePeople } from './decisions/people.js';
import {
  onHealth,
  onPublished,
  onPublishFailed,
  onRunFinished,
  onRunStatus,
} from './decisions/puppet.js';
import { decideRequest } from './decisions/request.js';
import { onDrained, onDrainFailed, onEnabled, onEnableFailed } from './decisions/service.js';
import { decideHostSurveyed, decidePoolsSurveyed } from './decisions/survey.js';
import { onTick } from './decisions/tick.js';
import { Draft } from './draft.js';
import type { DeploymentFact } from './facts.js';
import type { DeploymentInput, HostObservation } from './input.js';
import type { DeploymentState } from './state.js';
import type { HostInFlight } from './steps.js';

/** What a deployment is told besides the input. */
export interface DeploymentContext {
  readonly id: DeploymentId;
  readonly meta: Meta;
  readonly admission: Admission;
}

/** The decision on one input: what happened, and what is asked of the world next. Pure. */
export function decide(
  input: DeploymentInput,
  state: DeploymentState,
  context: DeploymentContext,
): Decision<DeploymentFact> {
  const draft = new Draft(context.id, state, context.meta, context.admission);
  const answer = take(draft, input);
  if (answer !== undefined) return answer;
  advance(draft);
  if (draft.facts.length === 0 && draft.also.length === 0)
    return ignored('nothing follows from it now');
  return { outcome: 'accepted', events: draft.facts, also: draft.also };
}

function take(draft: Draft, input: DeploymentInput): Decision<DeploymentFact> | undefined {
  switch (input.type) {
    case 'deployment.request':
      return decideRequest(draft, input);
    case 'deployment.pause':
    case 'deployment.resume':
    case 'deployment.cancel':
    case 'deployment.rollback':
      return decidePeople(draft, input);
    case 'puppet.host.surveyed':
      return decideHostSurveyed(draft, input);
    case 'lb.pools.surveyed':
      return decidePoolsSurveyed(draft, input);
    case 'tick':
      onTick(draft);
      return undefined;
    default:
      return observed(draft, input);
  }
}

/** An answer counts only when it is the answer to what the host is waiting for: late, repeated or foreign ones are ignored. */
function observed(draft: Draft, input: HostObservation): Decision<DeploymentFact> | undefined {
  const host = draft.host(input.data.host);
  if (host?.turn === undefined)
    return ignored(`${input.data.host} is not in flight in this deployment`);
  if (!isAwaited(host, input))
    return ignored(
      `${input.type} does not answer what ${host.host} waits for now (${host.phase.status})`,
    );
  apply(draft, { ...host, turn: host.turn }, input);
  return undefined;
}

function isAwaited(
  host: { readonly phase: HostInFlight['phase'] },
  input: HostObservation,
): boolean {
  const { phase } = host;
  switch (input.type) {
    case 'lb.drained':
    case 'lb.drain.failed':
      return phase.status === 'draining' && phase.pending.requestId === input.data.requestId;
    case 'lb.enabled':
    case 'lb.enable.failed':
      return phase.status === 'enabling' && phase.pending.requestId === input.data.requestId;
    case 'puppet.version.published':
      return (
        phase.status === 'drained' &&
        phase.publish?.requestId === input.data.requestId &&
        !phase.publish.published.includes(input.data.server)
      );
    case 'puppet.publish.failed':
      return phase.status === 'drained' && phase.publish?.requestId === input.data.requestId;
    case 'puppet.run.waiting':
    case 'puppet.run.started':
      return (
        phase.status === 'running-puppet' &&
        phase.startedAt === undefined &&
        phase.pending.requestId === input.data.requestId
      );
    case 'puppet.run.finished':
      return phase.status === 'running-puppet' && phase.pending.requestId === input.data.requestId;
    case 'puppet.health.observed':
      return phase.status === 'verifying' && phase.pending.requestId === input.data.requestId;
    case 'puppet.run.status':
      return phase.status === 'running-puppet' && phase.pending.requestId === input.data.commandId;
  }
}

function apply(draft: Draft, host: HostInFlight, input: HostObservation): void {
  switch (input.type) {
    case 'lb.drained':
      onDrained(draft, host, input);
      return;
    case 'lb.drain.failed':
      onDrainFailed(draft, host, input);
      return;
    case 'lb.enabled':
      onEnabled(draft, host, input);
      return;
    case 'lb.enable.failed':
      onEnableFailed(draft, host, input);
      return;
    case 'puppet.version.published':
      onPublished(draft, host, input);
      return;
    case 'puppet.publish.failed':
      onPublishFailed(draft, host, input);
      return;
    case 'puppet.run.waiting':
      draft.emit('deployment.host-run-waiting', input.data);
      return;
    case 'puppet.run.started':
      draft.emit('deployment.host-run-started', input.data);
      return;
    case 'puppet.run.finished':
      onRunFinished(draft, host, input);
      return;
    case 'puppet.health.observed':
      onHealth(draft, host, input);
      return;
    case 'puppet.run.status':
      onRunStatus(draft, host, input);
      return;
  }
}
