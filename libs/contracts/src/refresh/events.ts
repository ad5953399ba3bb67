import { z } from 'zod';
import { defineMessage } from '../define.js';
import { Certname, Instant, Reason, RequestId } from '../ids.js';
import { runOutcome } from '../puppet/run.js';

const ofRequest = { host: Certname, requestId: RequestId };

/** Puppet runs without a deployment were asked for and accepted. */
export const RefreshRequested = defineMessage('event', 'refresh.requested', {
  hosts: z.array(Certname).min(1),
  noop: z.boolean(),
  reason: Reason,
  concurrency: z.int().min(1),
});
/** The host is the refresh's own until its run ended. */
export const RefreshHostReserved = defineMessage('event', 'refresh.host-reserved', {
  host: Certname,
  epoch: z.int().min(1),
});
/** The run's process exists. */
export const RefreshHostRunStarted = defineMessage('event', 'refresh.host-run-started', {
  ...ofRequest,
  startedAt: Instant,
});
/** The run is over. */
export const RefreshHostRunFinished = defineMessage('event', 'refresh.host-run-finished', {
  ...ofRequest,
  ...runOutcome,
});
/** No verdict could be had of the host. */
export const RefreshHostFailed = defineMessage('event', 'refresh.host-failed', {
  host: Certname,
  reason: z.string().max(2_000),
});
/** Terminal: every host ended; `failed` lists those without a converged run. */
export const RefreshCompleted = defineMessage('event', 'refresh.completed', {
  failed: z.array(Certname),
});
