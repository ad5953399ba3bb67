import { Temporal } from 'temporal-polyfill';

/** Whether this machine's tables know the zone. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** Whether the day named by a local date and time exists in the calendar: 30 February does not. */
export function isLocalDateTime(text: string): boolean {
  try {
    Temporal.PlainDateTime.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

/** What the clocks of the zone show at a moment (milliseconds since the epoch). */
export const localAt = (ms: number, zone: string): Temporal.PlainDateTime =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDateTime();

/** The first moment at which the clocks of the zone show a time, or have passed it where they never show it. */
export const firstShowing = (local: Temporal.PlainDateTime, zone: string): number =>
  showing(local, zone, 'earlier');

/** The last such moment: the second showing, where clocks that are put back show a time twice. */
export const lastShowing = (local: Temporal.PlainDateTime, zone: string): number =>
  showing(local, zone, 'later');

function showing(local: Temporal.PlainDateTime, zone: string, which: 'earlier' | 'later'): number {
  const shown = local.toZonedDateTime(zone, { disambiguation: which });
  if (shown.toPlainDateTime().equals(local)) return shown.epochMilliseconds;
  // In a gap Temporal shifts the time by the gap's length. A clock jumps from one side of it to the other: that moment is meant.
  const before = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  return (before.getTimeZoneTransition('next') ?? shown).epochMilliseconds;
}
