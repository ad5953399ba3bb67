/* eslint-disable no-restricted-globals -- Date as a pure calculator only: parsing and printing an instant that was given, never asking for now. */

/** Milliseconds since the epoch of an ISO instant. */
export const toMs = (instant: string): number => Date.parse(instant);

/** ISO instant of milliseconds since the epoch. */
export const fromMs = (ms: number): string => new Date(ms).toISOString();

/** ISO instant `ms` after another. */
export const plusMs = (instant: string, ms: number): string => fromMs(toMs(instant) + ms);

/** Whether `now` has reached `instant`. */
export const reached = (instant: string, now: string): boolean => toMs(now) >= toMs(instant);

/** Whether what was asked then may never have arrived: messages have been travelling without a break only since later. */
export const mayBeLost = (askedAt: string, heardSince: string | undefined): boolean =>
  heardSince !== undefined && toMs(askedAt) < toMs(heardSince);

/** The later of two instants; the second may be unknown. */
export const latest = (a: string, b: string | undefined): string =>
  b !== undefined && toMs(b) > toMs(a) ? b : a;

/** The earliest of the given instants. */
export function earliest(instants: readonly (string | undefined)[]): string | undefined {
  return instants.reduce(
    (best, at) => (at !== undefined && (best === undefined || toMs(at) < toMs(best)) ? at : best),
    undefined,
  );
}
