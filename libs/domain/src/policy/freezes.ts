import type { ApplicationName, EnvironmentName, Freeze } from '@gantry/contracts';
import { Temporal } from 'temporal-polyfill';
import { firstShowing, lastShowing, localAt } from './local-time.js';
import { CLOCK_JUMP, isBefore, startsByRule, UPCOMING, type LocalSpan } from './recurrence.js';
import { isSpan, type Span } from './span.js';

/** A freeze on 29 February may have to wait eight years: 1896 to 1904, 2096 to 2104. */
const YEARS_AHEAD = 8;

/** Those of the freezes that concern an application in an environment. */
export function freezesOf(
  freezes: readonly Freeze[],
  target: { readonly application: ApplicationName; readonly environment: EnvironmentName },
): readonly Freeze[] {
  return freezes.filter(
    ({ environments, applications }) =>
      (environments === 'all' || environments.includes(target.environment)) &&
      (applications === undefined || applications.includes(target.application)),
  );
}

/** The spans of a freeze around a moment, and the next to come. It begins at the first showing of its time and ends at the last. */
export function freezeSpans(freeze: Freeze, at: number): readonly Span[] {
  const { timeZone } = freeze;
  return occurrences(freeze, localAt(at, timeZone))
    .map(({ from, to }) => ({
      start: firstShowing(from, timeZone),
      end: lastShowing(to, timeZone),
    }))
    .filter(isSpan);
}

function occurrences(freeze: Freeze, local: Temporal.PlainDateTime): readonly LocalSpan[] {
  const from = Temporal.PlainDateTime.from(freeze.from);
  const to = Temporal.PlainDateTime.from(freeze.to);
  const { repeats } = freeze;
  if (repeats === undefined) return [{ from, to }];
  if (repeats === 'yearly') return yearly({ from, to }, local);
  const lasts = from.until(to);
  const begun = local.subtract(lasts).subtract(CLOCK_JUMP);
  return startsByRule(repeats.rrule, from, { since: begun, soon: local.add(CLOCK_JUMP) }).map(
    (start) => ({ from: start, to: start.add(lasts) }),
  );
}

/** Both dates come again, whatever lies between them: a freeze until 1 March is a day longer in a leap year. */
function yearly({ from, to }: LocalSpan, local: Temporal.PlainDateTime): readonly LocalSpan[] {
  const past = local.subtract(CLOCK_JUMP);
  const soon = local.add(CLOCK_JUMP);
  const first = Math.max(0, past.year - to.year);
  const last = Math.max(0, soon.year - from.year) + YEARS_AHEAD;
  const spans = Array.from({ length: last - first + 1 }, (_, i) => ({
    from: yearsLater(from, first + i),
    to: yearsLater(to, first + i),
  })).filter((span) => isBefore(span.from, span.to) && !isBefore(span.to, past));
  const ahead = spans.filter((span) => isBefore(soon, span.from));
  return spans.slice(0, spans.length - Math.max(0, ahead.length - UPCOMING));
}

/** A day that the year does not have is taken as the first moment after it, as a time is that the clocks leave out. */
function yearsLater(local: Temporal.PlainDateTime, years: number): Temporal.PlainDateTime {
  const later = local.add({ years });
  return later.day === local.day ? later : later.add({ days: 1 }).withPlainTime('00:00');
}
