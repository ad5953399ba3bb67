import type { DataOf, DeploymentHostRunFinished } from '@gantry/contracts';
import { hostTimings, msBetween, newTurnClock } from './host-timings.js';
import type { HostRecord } from './deployment.record.js';
import type { LogEvent } from './log-event.js';
import type { Handlers } from './projection.js';

/** Events of a deployment's stream that concern one host. */
export type DeploymentHostEventType =
  | 'deployment.host-surveyed'
  | 'deployment.host-reserved'
  | 'lb.drain.requested'
  | 'deployment.host-drained'
  | 'puppet.publish.requested'
  | 'deployment.host-version-published'
  | 'puppet.run.requested'
  | 'puppet.query.requested'
  | 'deployment.host-run-waiting'
  | 'deployment.host-run-started'
  | 'deployment.host-run-finished'
  | 'deployment.host-verified'
  | 'lb.enable.requested'
  | 'deployment.host-enabled'
  | 'deployment.host-step-delayed'
  | 'deployment.host-returning'
  | 'deployment.host-done'
  | 'deployment.host-failed'
  | 'deployment.host-skipped'
  | 'deployment.host-retried';

/** What each event does to the host as the deployment's page shows it. */
export const HOST_HANDLERS: Handlers<DeploymentHostEventType, HostRecord> = {
  'deployment.host-surveyed': (host) => host,
  'deployment.host-reserved': (host, event) => ({
    ...host,
    ...at('reserving', 'its turn began', event),
    direction: event.data.direction,
    attempt: event.data.attempt,
    failure: null,
    proof: null,
    timings: null,
    clock: newTurnClock(event.at),
  }),
  'lb.drain.requested': (host, event) => ({
    ...host,
    ...at('draining', 'being taken out of its pools', event),
  }),
  'deployment.host-drained': (host, event) => ({
    ...clocked(host, { drainMs: event.data.evidence.waitedMs }),
    ...at('drained', drainNote(event.data.evidence), event),
  }),
  'puppet.publish.requested': (host, event) => ({
    ...host,
    ...at('running-puppet', wantedNote(event.data), event),
  }),
  'deployment.host-version-published': (host, event) => ({
    ...host,
    note: `${event.data.server} knows the wanted version`,
  }),
  'puppet.run.requested': (host, event) => ({
    ...host,
    ...at('running-puppet', 'Puppet run asked for', event),
  }),
  'puppet.query.requested': (host) => ({ ...host, note: 'asking the host what became of its run' }),
  'deployment.host-run-waiting': (host, event) => ({
    ...host,
    note: `waiting for another Puppet run: ${event.data.holder}`,
  }),
  'deployment.host-run-started': (host, event) => ({
    ...host,
    ...at('running-puppet', 'Puppet is running', event),
  }),
  'deployment.host-run-finished': (host, event) => ({
    ...clocked(host, {
      runMs: msBetween(event.data.startedAt, event.data.finishedAt),
      runFinishedAt: event.data.finishedAt,
    }),
    ...at('verifying', runNote(event.data), event),
  }),
  'deployment.host-verified': (host, event) => ({
    ...clocked(host, {
      healthMs: msBetween(host.clock?.runFinishedAt ?? null, event.data.finishedAt),
    }),
    ...at('verifying', healthNote(event.data), event),
  }),
  'lb.enable.requested': (host, event) => ({
    ...host,
    ...at('enabling', 'being put back in its pools', event),
  }),
  'deployment.host-enabled': (host, event) => ({
    ...clocked(host, { enableMs: event.data.evidence.waitedMs }),
    ...at('enabling', `in service: ${event.data.evidence.checks}`, event),
  }),
  'deployment.host-step-delayed': (host, event) => delayed(host, event),
  'deployment.host-returning': (host, event) => ({
    ...host,
    note: `going back in service unchanged: ${event.data.reason}`,
  }),
  'deployment.host-done': (host, event) => ({
    ...host,
    ...at('done', '', event),
    direction: event.data.direction,
    proof: event.data.proof,
    timings: host.clock === null ? null : hostTimings(host.clock, event.at),
    clock: null,
  }),
  'deployment.host-failed': (host, event) => failed(host, event),
  'deployment.host-skipped': (host, event) => ({
    ...host,
    ...at('skipped', event.data.reason, event),
    clock: null,
  }),
  'deployment.host-retried': (host, event) => ({
    ...host,
    ...at('queued', `another turn: ${event.data.reason}`, event),
    failure: null,
  }),
};

function at(
  status: HostRecord['status'],
  note: string,
  event: { readonly at: string },
): Pick<HostRecord, 'status' | 'note' | 'since'> {
  return { status, note, since: event.at };
}

function clocked(host: HostRecord, change: Partial<NonNullable<HostRecord['clock']>>): HostRecord {
  return host.clock === null ? host : { ...host, clock: { ...host.clock, ...change } };
}

/** A delayed reservation is a turn given back: the host waits in the queue again. Any other step is tried again where it stands. */
function delayed(host: HostRecord, event: LogEvent<'deployment.host-step-delayed'>): HostRecord {
  const { step, reason, until } = event.data;
  const note = `${step} again at ${until}: ${reason}`;
  if (step !== 'reserve') return { ...host, note };
  return { ...host, ...at('queued', note, event), clock: null };
}

function failed(host: HostRecord, event: LogEvent<'deployment.host-failed'>): HostRecord {
  const { step, class: cls, reason, outOfService, direction } = event.data;
  return {
    ...host,
    ...at('failed', reason, event),
    direction,
    failure: { step, class: cls, reason, outOfService },
    clock: null,
  };
}

function drainNote(evidence: LogEvent<'deployment.host-drained'>['data']['evidence']): string {
  const { end, connectionsAtEnd, waitedMs } = evidence;
  const how = end === 'idle' ? 'drained' : 'drain forced';
  return `${how}: ${connectionsAtEnd} connections after ${waitedMs} ms`;
}

function wantedNote({ servers, versions }: LogEvent<'puppet.publish.requested'>['data']): string {
  const wanted = versions.map(({ name, evr }) => `${name} ${evr}`).join(', ');
  return `telling ${servers.join(', ')} that ${wanted} is wanted`;
}

function runNote({ verdict }: DataOf<typeof DeploymentHostRunFinished>): string {
  if (verdict.kind === 'converged') return 'Puppet converged';
  return `Puppet ${verdict.kind}, ${verdict.why}: ${verdict.detail}`;
}

function healthNote(data: LogEvent<'deployment.host-verified'>['data']): string {
  if (data.healthy) return `healthy, ${data.goodInRow} good in a row`;
  return `not healthy: ${data.reason}`;
}
