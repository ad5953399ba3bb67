import type { Meta } from '../decision.js';
import { earliest, mayBeLost, plusMs, reached, toMs } from '../time.js';
import { bakedAt } from './rollout.js';
import {
  isActive,
  isRollout,
  type DeploymentHost,
  type DeploymentState,
  type HostPhase,
  type Pending,
  type Rollout,
} from './state.js';
import { surveyDueAt } from './survey.js';
import { LOOK_AGAIN_MS, REREAD_MS, SLOWEST_LOOK_MS } from './timing.js';

/** How often a request is sent at least before silence counts as an answer. */
export const MAX_ASKS = 8;
const ASK_AGAIN_MS = 20_000;
const PUBLISH_AGAIN_MS = 5_000;

/** When the host's answer is late or its delay is over; undefined when nothing of it is awaited. */
export function deadlineOf(rollout: Rollout, host: DeploymentHost): string | undefined {
  const { phase } = host;
  const { strategy, health } = rollout.target;
  switch (phase.status) {
    case 'reserving':
      return rollout.since;
    case 'draining':
      return late(phase.pending, ASK_AGAIN_MS, strategy.drain.timeoutMs);
    case 'drained':
      return phase.publish === undefined ? rollout.since : late(phase.publish, PUBLISH_AGAIN_MS);
    case 'running-puppet': {
      if (phase.query !== undefined) return late(phase.query, ASK_AGAIN_MS);
      const { startedAt, pending } = phase;
      const { timeoutMs, waitForLockMs } = strategy.run;
      const expected = startedAt === undefined ? 0 : timeoutMs + waitForLockMs;
      return plusMs(startedAt ?? pending.askedAt, expected + ASK_AGAIN_MS);
    }
    case 'verifying':
      return phase.query === undefined
        ? plusMs(phase.pending.since, health.deadlineMs + ASK_AGAIN_MS)
        : late(phase.query, ASK_AGAIN_MS);
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

/** The first ask waits for what the step may take, but not for ever; repeats come at growing distances. */
function late({ askedAt, asks }: Pending, everyMs: number, mayTakeMs = 0): string {
  const first = Math.max(everyMs, Math.min(mayTakeMs, 4 * everyMs));
  return plusMs(askedAt, asks === 1 ? first : everyMs * Math.min(asks, 6));
}

/**
 * Whether the host's silence is an answer by now: asked often enough, for longer than the step may take, and the last time
 * when messages travelled.
 */
export function isSilent(
  rollout: Rollout,
  host: DeploymentHost,
  { now, heardSince }: Pick<Meta, 'now' | 'heardSince'>,
): boolean {
  const { pending, mayTakeMs } = awaited(rollout, host.phase);
  return (
    pending !== undefined &&
    pending.asks >= MAX_ASKS &&
    !mayBeLost(pending.askedAt, heardSince) &&
    reached(plusMs(pending.since, mayTakeMs + ASK_AGAIN_MS), now)
  );
}

function awaited(
  { target: { strategy } }: Rollout,
  phase: HostPhase,
): { readonly pending: Pending | undefined; readonly mayTakeMs: number } {
  switch (phase.status) {
    case 'draining':
      return { pending: phase.pending, mayTakeMs: strategy.drain.timeoutMs };
    case 'drained':
      return { pending: phase.publish, mayTakeMs: 0 };
    case 'running-puppet':
    case 'verifying':
      return { pending: phase.query, mayTakeMs: 0 };
    case 'enabling':
      return { pending: phase.pending, mayTakeMs: strategy.enableTimeoutMs };
    case 'reserving':
    case 'delayed':
    case 'queued':
    case 'done':
    case 'failed':
    case 'skipped':
      return { pending: undefined, mayTakeMs: 0 };
  }
}

/** When the deployment wants to be looked at again if nothing else happens; undefined = never. A durable timer keeps it. */
export function wakeUpAt(state: DeploymentState, now: string): string | undefined {
  if (!isActive(state)) return undefined;
  if (!isRollout(state)) {
    const due = state.hostsAsked && surveyDueAt(state);
    return state.status === 'requested' ? due : earliest([due, state.expiresAt]);
  }
  return earliest([...state.hosts.map((h) => deadlineOf(state, h)), windowWakeUp(state, now)]);
}

/** Somebody waits for a place, a bake time or a reading of the pools. */
function windowWakeUp(state: Rollout, now: string): string | undefined {
  switch (state.status) {
    case 'planned':
    case 'running':
    case 'rolling-back': {
      const queued = state.hosts.flatMap(({ phase }) =>
        phase.status === 'queued' ? (phase.notBefore ?? now) : [],
      );
      if (queued.length === 0) return undefined;
      const awaited = [...queued, ...bakedAt(state)].filter((at) => toMs(at) > toMs(now));
      return earliest([...awaited, plusMs(now, lookAgainMs(state, now))]);
    }
    case 'verifying':
      return plusMs(now, LOOK_AGAIN_MS);
    case 'paused':
    case 'cancelling':
      return undefined;
  }
}

/** A quarter of the time that nothing has happened for. */
function lookAgainMs({ movedAt }: Rollout, now: string): number {
  const idle = (toMs(now) - toMs(movedAt)) / 4;
  return Math.round(Math.min(SLOWEST_LOOK_MS, Math.max(REREAD_MS, idle)));
}
