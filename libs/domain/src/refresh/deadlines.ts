import { earliest, plusMs } from '../time.js';
import type { RefreshHost, RefreshState } from './state.js';

/** How long one run may take, and how long it may wait for somebody else's. */
export const RUN_TIMEOUT_MS = 1_800_000;
export const WAIT_FOR_LOCK_MS = 300_000;
/** How long a host may take a run command. */
export const EXPIRES_MS = 60_000;
/** How often a host's journal is asked before silence counts as an answer. */
export const MAX_ASKS = 8;
const ASK_AGAIN_MS = 20_000;
const CLAIM_RETRY_MS = 5_000;

/** When the host's answer is late: questions to its journal come at growing distances. */
export function runDeadline({ asks, askedAt, requestedAt, startedAt }: RefreshHost): string {
  if (asks > 0) return plusMs(askedAt, ASK_AGAIN_MS * Math.min(asks, 6));
  return startedAt === undefined
    ? plusMs(requestedAt, ASK_AGAIN_MS)
    : plusMs(startedAt, RUN_TIMEOUT_MS + WAIT_FOR_LOCK_MS + ASK_AGAIN_MS);
}

/** When the refresh wants to be looked at again if nothing else happens. */
export function refreshWakeUpAt(state: RefreshState, now: string): string | undefined {
  if (state.status !== 'running') return undefined;
  const deadlines = state.hosts.map((h) => (h.status === 'running' ? runDeadline(h) : undefined));
  const waits = state.hosts.some((h) => h.status === 'queued');
  return earliest([...deadlines, waits ? plusMs(now, CLAIM_RETRY_MS) : undefined]);
}
