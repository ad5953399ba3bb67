const LONGEST_MS = 300_000;
const MOST_DOUBLINGS = 3;

/** How long to wait after a look: the usual time, and longer the more looks in a row have failed. */
export function lookDelayMs(pollMs: number, failuresInARow: number): number {
  const grown = pollMs * 2 ** Math.min(failuresInARow, MOST_DOUBLINGS);
  return Math.max(pollMs, Math.min(grown, LONGEST_MS));
}
