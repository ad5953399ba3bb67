/** Bounds of an exponential back-off. */
export interface BackOffLimits {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before try number `attempt` (from 1): doubles each time up to `maxMs`, and of that a random half to whole,
 * so that a fleet that lost its broker at one moment does not come back at one moment.
 */
export function backOffMs(attempt: number, limits: BackOffLimits, random: () => number): number {
  const ceiling = Math.min(limits.maxMs, limits.minMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
