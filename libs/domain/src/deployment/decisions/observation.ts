import { ignored, type Decision } from '../../decision.js';
import type { Draft } from '../draft.js';
import type { DeploymentFact } from '../facts.js';
import type { HostObservation } from '../input.js';
import type { HostPhase } from '../state.js';
import type { HostInFlight } from '../steps.js';
import { onHealth, onPublished, onPublishFailed, onRunFinished, onRunStatus } from './puppet.js';
import { onDrained, onDrainFailed, onEnabled, onEnableFailed } from './service.js';

type Of<T extends HostObservation['type']> = Extract<HostObservation, { type: T }>;

/** When an answer counts, and what follows from it. */
interface Rule<T extends HostObservation['type']> {
  /** Whether it answers what the host waits for now. */
  readonly awaited: (phase: HostPhase, data: Of<T>['data']) => boolean;
  readonly apply: (draft: Draft, host: HostInFlight, input: Of<T>) => void;
}

const asked =
  (status: 'draining' | 'enabling' | 'running-puppet' | 'verifying') =>
  (phase: HostPhase, data: { readonly requestId: string }): boolean =>
    phase.status === status && phase.pending.requestId === data.requestId;

const publishing = (phase: HostPhase, requestId: string): readonly string[] | undefined =>
  phase.status === 'drained' && phase.publish?.requestId === requestId
    ? phase.publish.published
    : undefined;

const notStarted = (phase: HostPhase, data: { readonly requestId: string }): boolean =>
  asked('running-puppet')(phase, data) &&
  phase.status === 'running-puppet' &&
  phase.startedAt === undefined;

const RULES: { readonly [T in HostObservation['type']]: Rule<T> } = {
  'lb.drained': { awaited: asked('draining'), apply: onDrained },
  'lb.drain.failed': { awaited: asked('draining'), apply: onDrainFailed },
  'lb.enabled': { awaited: asked('enabling'), apply: onEnabled },
  'lb.enable.failed': { awaited: asked('enabling'), apply: onEnableFailed },
  'puppet.version.published': {
    awaited: (phase, data) => publishing(phase, data.requestId)?.includes(data.server) === false,
    apply: onPublished,
  },
  'puppet.publish.failed': {
    awaited: (phase, data) => publishing(phase, data.requestId) !== undefined,
    apply: onPublishFailed,
  },
  'puppet.run.waiting': {
    awaited: notStarted,
    apply: (draft, _host, { data }) => draft.emit('deployment.host-run-waiting', data),
  },
  'puppet.run.started': {
    awaited: notStarted,
    apply: (draft, _host, { data }) => draft.emit('deployment.host-run-started', data),
  },
  'puppet.run.finished': { awaited: asked('running-puppet'), apply: onRunFinished },
  'puppet.health.observed': { awaited: asked('verifying'), apply: onHealth },
  'puppet.run.status': {
    awaited: (phase, data) => asked('running-puppet')(phase, { requestId: data.commandId }),
    apply: onRunStatus,
  },
};

/** An answer counts only when it is the answer to what the host is waiting for: late, repeated or foreign ones are ignored. */
export function decideObservation(
  draft: Draft,
  input: HostObservation,
): Decision<DeploymentFact> | undefined {
  const host = draft.host(input.data.host);
  if (host?.turn === undefined) {
    return ignored(`${input.data.host} is not in flight in this deployment`);
  }
  // The compiler cannot see that a rule found under an input's type takes that input.
  const rule = RULES[input.type] as unknown as Rule<HostObservation['type']>;
  if (!rule.awaited(host.phase, input.data)) {
    return ignored(
      `${input.type} does not answer what ${host.host} waits for now (${host.phase.status})`,
    );
  }
  rule.apply(draft, { ...host, turn: host.turn }, input);
  return undefined;
}
