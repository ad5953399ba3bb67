import type { ChangeWindow, Weekday } from '@gantry/contracts';
import { Temporal } from 'temporal-polyfill';
import { firstShowing, localAt } from './local-time.js';
import { isSpan, type Span } from './span.js';

const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** A window lasts a day at most; clocks that are put back or leave out a day move it by one more. */
const DAYS_BACK = 2;
/** The next one begins within a week, unless the clocks leave that one out. */
const DAYS_AHEAD = 15;

/** The spans of a window around a moment, and the next to come. */
export function windowSpans(window: ChangeWindow, at: number): readonly Span[] {
  const today = localAt(at, window.timeZone).toPlainDate();
  const spans: Span[] = [];
  for (let days = -DAYS_BACK; days <= DAYS_AHEAD; days++) {
    const date = today.add({ days });
    const weekday = WEEKDAYS[date.dayOfWeek - 1];
    if (weekday === undefined || !window.days.includes(weekday)) continue;
    const span = spanOn(window, date);
    if (isSpan(span)) spans.push(span);
    // What follows begins later still.
    if (span.start > at && isSpan(span)) break;
  }
  return spans;
}

function spanOn({ from, to, timeZone }: ChangeWindow, date: Temporal.PlainDate): Span {
  const midnight = to === '24:00';
  const ends = midnight || to <= from ? date.add({ days: 1 }) : date;
  return {
    start: firstShowing(date.toPlainDateTime(from), timeZone),
    end: firstShowing(ends.toPlainDateTime(midnight ? '00:00' : to), timeZone),
  };
}

/** A window as people write it: `mon tue 09:00-17:00 Europe/Amsterdam`. */
export const windowText = ({ days, from, to, timeZone }: ChangeWindow): string =>
  `${days.join(' ')} ${from}-${to} ${timeZone}`;
