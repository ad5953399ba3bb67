import type { HostTimings } from '@gantry/contracts';
import type { TurnClock } from './deployment.record.js';

/** The clock of a turn that begins. */
export const newTurnClock = (reservedAt: string): TurnClock => ({
  reservedAt,
  drainMs: 0,
  runMs: 0,
  runFinishedAt: null,
  healthMs: 0,
  enableMs: 0,
});

/** Milliseconds between two instants; 0 where one is missing, or where a host's clock stepped back in between. */
export function msBetween(from: string | null, to: string | null): number {
  if (from === null || to === null) return 0;
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

/** Where the time of a host's turn went; the machine's own share is what no wait of the outside explains. */
export function hostTimings(clock: TurnClock, doneAt: string): HostTimings {
  const totalMs = msBetween(clock.reservedAt, doneAt);
  const { drainMs, runMs: puppetMs, healthMs, enableMs } = clock;
  const machineMs = Math.max(0, totalMs - drainMs - puppetMs - healthMs - enableMs);
  return { totalMs, drainMs, puppetMs, healthMs, enableMs, machineMs };
}
