import { earliest, plusMs } from '../time.js';
import { REREAD_MS, SURVEY_MS } from './advance.js';
import {
  isActive,
  type DeploymentHost,
  type DeploymentState,
  type Pending,
  type Rollout,
} from './state.js';

/** How often a request is sent before silence counts as an answer. */
export const MAX_ASKS = 8;
const ASK_AGAIN_MS = 20_000;
const PUBLISH_AGAIN_MS = 5_000;

/** When the host's answer is late; undefined when nothing of it is awaited. Later asks wait longer. */
export function deadlineOf(rollout: Rollout, host: DeploymentHost): string | undefined {
  const { phase } = host;
  const { strategy, health } = rollout.target;
  switch (phase.status) {
    case 'reserving':
      return rollout.since;
    case 'draining':
      return late(phase.pending, ASK_AGAIN_MS, strategy.drain.timeoutMs);
    case 'drained':
      return phase.publish === undefined ? rollout.since : late(phase.publish, PUBLISH_AGAIN_MS, 0);
    case 'running-puppet': {
      if (phase.query !== undefined) return late(phase.query, ASK_AGAIN_MS, 0);
      const expected =
        phase.startedAt === undefined ? 0 : strategy.run.timeoutMs + strategy.run.waitForLockMs;
      return plusMs(phase.startedAt ?? phase.pending.askedAt, expected + ASK_AGAIN_MS);
    }
    case 'verifying':
      return phase.query === undefined
        ? plusMs(phase.since, health.deadlineMs + ASK_AGAIN_MS)
        : late(phase.query, ASK_AGAIN_MS, 0);
    case 'enabling':
      return late(phase.pending, ASK_AGAIN_MS, strategy.enableTimeoutMs);
    case 'delayed':
      return phase.until;
    case 'queued':
    case 'done':
    case 'failed':
    case 'skipped':
      return undefined;
  }
}

/** The first ask waits for what the step may take; repeats come at growing distances. */
const late = (pending: Pending, everyMs: number, mayTakeMs: number): string =>
  plusMs(
    pending.askedAt,
    pending.asks === 1
      ? Math.max(everyMs, Math.min(mayTakeMs, 4 * everyMs))
      : everyMs * pending.asks,
  );

/** When the deployment wants to be looked at again if nothing else happens; undefined = never. A durable timer keeps it. */
export function wakeUpAt(state: DeploymentState, now: string): string | undefined {
  if (!isActive(state)) return undefined;
  if (state.status === 'requested') return plusMs(state.surveyAskedAt, SURVEY_MS);
  const hosts = state.hosts.map((h) =>
    h.turn === undefined ? notBefore(h) : deadlineOf(state, h),
  );
  return earliest([...hosts, windowWakeUp(state, now)]);
}

const notBefore = (host: DeploymentHost): string | undefined =>
  host.phase.status === 'queued' ? host.phase.notBefore : undefined;

/** Somebody waits for a place, a bake time or a reading of the pools. */
function windowWakeUp(state: Rollout, now: string): string | undefined {
  switch (state.status) {
    case 'running':
    case 'rolling-back': {
      if (!state.hosts.some((h) => h.phase.status === 'queued')) return undefined;
      const bakes = state.hosts.flatMap((h) =>
        h.canary && h.endedAt !== undefined
          ? plusMs(h.endedAt, state.target.strategy.canary.bakeMs)
          : [],
      );
      return earliest([...bakes.filter((b) => b > now), plusMs(now, REREAD_MS)]);
    }
    case 'verifying':
      return plusMs(now, 1_000);
    case 'planned':
    case 'cancelling':
      return plusMs(now, REREAD_MS);
    case 'paused':
      return undefined;
  }
}
