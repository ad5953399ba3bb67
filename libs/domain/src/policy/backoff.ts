/** Delay before try `n` (1 = first retry), doubling from `baseMs` up to `capMs`, spread by the salt so that hosts do not retry in step. */
export function backoffMs(n: number, baseMs: number, capMs: number, salt: string): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.max(0, n - 1));
  return Math.round(full * (0.75 + 0.5 * spread(`${salt}#${n}`)));
}

/** A number in [0, 1) from a text: jitter without randomness, the same on every replay. */
function spread(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return (hash >>> 0) / 2 ** 32;
}
