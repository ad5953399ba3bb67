import {
  PuppetHealthObserved,
  PuppetHostResynced,
  PuppetHostSurveyed,
  PuppetPublishFailed,
  PuppetRunFinished,
  PuppetRunStarted,
  PuppetRunStatus,
  PuppetRunWaiting,
  PuppetVersionPublished,
  type AnyMessage,
  type DataOf,
  type Message,
} from '@gantry/contracts';

/** All that a listener may answer. */
export type HostReply = Message<
  | 'host.run.waiting'
  | 'host.run.started'
  | 'host.run.finished'
  | 'host.health.observed'
  | 'host.run.status'
  | 'host.facts.reported'
  | 'desired.version.published'
  | 'desired.version.refused'
  | 'host.resynced'
  | 'host.command.refused'
>;

/** What a reply becomes for the services. */
export interface Observation<D extends AnyMessage = AnyMessage> {
  readonly definition: D;
  readonly data: DataOf<D>;
}
const as = <D extends AnyMessage>(definition: D, data: DataOf<D>): Observation<D> => ({
  definition,
  data,
});

/**
 * What a host's reply means to the services: the same facts without the marks of the wire. That a command was refused means
 * something for the listener itself at most.
 */
export function observationOf(reply: HostReply): Observation | undefined {
  const { cmdId: requestId, host } = reply.data;
  const on = { requestId, host };
  switch (reply.type) {
    case 'host.run.waiting':
      return as(PuppetRunWaiting, { ...on, holder: reply.data.holder });
    case 'host.run.started':
      return as(PuppetRunStarted, { ...on, startedAt: reply.data.startedAt });
    case 'host.run.finished':
      return as(PuppetRunFinished, { ...on, ...bare(reply.data) });
    case 'host.health.observed':
      return as(PuppetHealthObserved, { ...on, ...bare(reply.data) });
    case 'host.run.status':
      return as(PuppetRunStatus, { ...on, commandId: reply.data.about, state: reply.data.state });
    case 'host.facts.reported':
      return as(PuppetHostSurveyed, { ...on, ...bare(reply.data), bootId: reply.data.bootId });
    case 'host.resynced':
      return as(PuppetHostResynced, { ...on, role: reply.data.role });
    case 'host.command.refused':
      return undefined;
    case 'desired.version.published':
      return as(PuppetVersionPublished, { requestId, host: reply.data.subjectHost, server: host });
    case 'desired.version.refused':
      return as(PuppetPublishFailed, {
        requestId,
        host: reply.data.subjectHost,
        server: host,
        reason: reply.data.reason,
      });
  }
}

type WireField = 'host' | 'keyId' | 'cmdId' | 'stream' | 'commandHash' | 'bootId' | 'replySeq';

function bare<T extends Record<WireField, unknown>>(data: T): Omit<T, WireField> {
  const {
    host: _h,
    keyId: _k,
    cmdId: _c,
    stream: _s,
    commandHash: _hash,
    bootId: _b,
    replySeq: _r,
    ...rest
  } = data;
  return rest;
}
