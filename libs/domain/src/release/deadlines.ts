import { earliest, plusMs } from '../time.js';
import { gateDeadline, isWatched, pendingRuns, watchDue } from './gates.js';
import { stageOf, type ReleaseState, type Travelling } from './state.js';

/** How often is looked whether what holds it is over, or whether an end was missed. */
const HELD_MS = 5_000;
const MISSED_MS = 20_000;
/** A newer release ends one that stands still, within this. */
const NEWER_MS = 30_000;

/** When the release wants to be looked at again if nothing else happens. */
export function releaseWakeUpAt(state: ReleaseState, now: string): string | undefined {
  if (state.status !== 'travelling') return undefined;
  return earliest([plusMs(now, NEWER_MS), ...ofPhase(state, now), ...ofWatch(state)]);
}

function ofPhase(state: Travelling, now: string): readonly (string | undefined)[] {
  if (state.pause !== undefined) return [];
  switch (state.phase.kind) {
    case 'waiting':
      return [plusMs(now, HELD_MS), state.hold?.until];
    case 'before':
    case 'after':
      return pendingRuns(state).map((run) => gateDeadline(state, run));
    case 'deploying':
      return [
        plusMs(
          now,
          state.phase.deployments.some((d) => d.outcome === 'busy') ? HELD_MS : MISSED_MS,
        ),
      ];
    case 'soaking':
      return [state.phase.until];
  }
}

/** A pause keeps it from going on, not from being watched. */
function ofWatch(state: Travelling): readonly (string | undefined)[] {
  if (!isWatched(state)) return [];
  const late = state.watch
    .filter((run) => run.verdict === undefined)
    .map((run) => gateDeadline(state, run));
  return [...late, ...(stageOf(state).watch ?? []).map((gate) => watchDue(state, gate))];
}
