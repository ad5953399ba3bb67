import { connectionsOf, isOut, type FoundPlace } from './seen-place.js';

/** What a request allows a drain. */
export interface DrainLimits {
  readonly timeoutMs: number;
  readonly maxConnections: number;
  /** Age below which an epoch's connection count is only a lower bound. */
  readonly graceMs: number;
}

/** What a drain in progress remembers between two reads. */
export interface DrainProgress {
  readonly sinceMs: number;
  readonly reads: number;
  readonly idleInRow: number;
  /** Connections at the last read that told them. */
  readonly connections: number;
  /** Times the drain was undone by something that was no restart of the device. */
  readonly undone: number;
  readonly epochs: string;
}

/** What to do next: `again` = the device forgot or somebody undid the drain; `contested` = it keeps being undone. */
export type DrainVerdict = 'wait' | 'again' | 'idle' | 'timeout' | 'contested';

interface Decision {
  readonly verdict: DrainVerdict;
  readonly progress: DrainProgress;
}

const IDLE_READS = 2;
const PATIENCE = 3;

const epochsOf = (seen: readonly FoundPlace[]): string =>
  seen.map(({ reading }) => reading.epoch).join(' ');

/** The start of the waiting: the members have just been seen out. */
export function beginDrain(seen: readonly FoundPlace[], nowMs: number): DrainProgress {
  return {
    sinceMs: nowMs,
    reads: 0,
    idleInRow: 0,
    connections: 0,
    undone: 0,
    epochs: epochsOf(seen),
  };
}

/** Decides by one more read of all places; undefined = they could not be read this time. */
export function decideDrain(
  limits: DrainLimits,
  before: DrainProgress,
  seen: readonly FoundPlace[] | undefined,
  nowMs: number,
): Decision {
  const late = nowMs - before.sinceMs >= limits.timeoutMs;
  if (!seen) return { verdict: late ? 'timeout' : 'wait', progress: { ...before, idleInRow: 0 } };
  const epochs = epochsOf(seen);
  const connections = connectionsOf(seen) ?? before.connections;
  const read = { ...before, reads: before.reads + 1, connections, epochs };
  if (!seen.every(isOut)) return undone(read, epochs === before.epochs, late);
  const idleInRow = isIdle(limits, seen) ? before.idleInRow + 1 : 0;
  const progress = { ...read, idleInRow };
  if (idleInRow >= IDLE_READS) return { verdict: 'idle', progress };
  return { verdict: late ? 'timeout' : 'wait', progress };
}

/** Restarts of the device do not count against it; being undone by somebody else does. */
function undone(read: DrainProgress, sameEpoch: boolean, late: boolean): Decision {
  const times = read.undone + (sameEpoch ? 1 : 0);
  const progress = { ...read, undone: times, idleInRow: 0 };
  if (times > PATIENCE) return { verdict: 'contested', progress };
  return { verdict: late ? 'timeout' : 'again', progress };
}

/** A young epoch does not count the connections that the process before it still serves. */
function isIdle(limits: DrainLimits, seen: readonly FoundPlace[]): boolean {
  const connections = connectionsOf(seen);
  const trusted = seen.every(({ reading }) => reading.epochAgeMs >= limits.graceMs);
  return trusted && connections !== null && connections <= limits.maxConnections;
}
