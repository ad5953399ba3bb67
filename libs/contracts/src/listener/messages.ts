import { z } from 'zod';
import { defineMessage } from '../define.js';
import { Certname, Reason, RequestId } from '../ids.js';
import { ListenerRole } from '../puppet/listener-role.js';

const listener = { host: Certname, role: ListenerRole };

/** Have a listener that lost its journal begin anew. */
export const ResyncListener = defineMessage('command', 'listener.resync', {
  ...listener,
  reason: Reason,
});

/** A person has decided that a listener begins its journal anew; written before it is asked. */
export const ListenerResyncRequested = defineMessage('event', 'listener.resync-requested', {
  ...listener,
  requestId: RequestId,
  reason: Reason,
});

/** It has. */
export const ListenerResynced = defineMessage('event', 'listener.resynced', {
  ...listener,
  requestId: RequestId,
});

/** Its key was taken from its facts, as the publisher of that Puppet server saw them. */
export const ListenerEnrolled = defineMessage('event', 'listener.enrolled', {
  ...listener,
  keyId: z.string().max(64),
  server: Certname,
});

/** All messages about listeners themselves. */
export const LISTENER_MESSAGES = [
  ResyncListener,
  ListenerResyncRequested,
  ListenerResynced,
  ListenerEnrolled,
] as const;
