import type { ChangeWindow, Freeze } from '@gantry/contracts';

const MINUTE = 60_000;
const DAY = 1_440;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** A clock on the wall, read once every minute of a stretch of time, by the machine's own Intl and nothing else. */
class WallClock {
  private readonly shown: Float64Array;

  constructor(
    zone: string,
    readonly start: number,
    readonly minutes: number,
  ) {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    this.shown = Float64Array.from({ length: minutes }, (_, i) => {
      const part = Object.fromEntries(
        format.formatToParts(start + i * MINUTE).map(({ type, value }) => [type, Number(value)]),
      );
      return (
        Date.UTC(part['year']!, part['month']! - 1, part['day'], part['hour'], part['minute']) /
        MINUTE
      );
    });
  }

  /** The first minute at which the clock has reached a time. No clock is more than a day from UTC: nothing earlier can show it. */
  first(local: number): number {
    for (let i = this.near(local - DAY); i < this.minutes; i++)
      if (this.shown[i]! >= local) return i;
    return this.minutes;
  }

  /** The last minute at which it shows a time; where it never does, the minute at which it has passed it. */
  last(local: number): number {
    for (let i = this.near(local + DAY); i >= 0; i--) if (this.shown[i] === local) return i;
    return this.first(local);
  }

  private near(utc: number): number {
    return Math.min(Math.max(0, utc - this.start / MINUTE), this.minutes - 1);
  }
}

const clocks = new Map<string, WallClock>();
function clockOf(zone: string, start: number, minutes: number): WallClock {
  const key = `${zone} ${start} ${minutes}`;
  const clock = clocks.get(key) ?? new WallClock(zone, start, minutes);
  clocks.set(key, clock);
  return clock;
}

/** Minutes of a local date and time, as if it were one of UTC; a day the month does not have is the first of the next. */
function localMinutes(text: string): number {
  const [year, month, day, hour, minute] = text.split(/[-T:]/).map(Number);
  const at = Date.UTC(year!, month! - 1, day, hour, minute);
  const missing = new Date(at).getUTCDate() !== day;
  return (missing ? Date.UTC(year!, month, 1) : at) / MINUTE;
}

const timeOfDay = (text: string): number => {
  const [hour, minute] = text.split(':').map(Number);
  return hour! * 60 + minute!;
};

/** Every minute of a stretch of time, open or not, found by trying each date and reading the clock minute by minute. */
export function openMinutes(
  windows: readonly ChangeWindow[],
  freezes: readonly Freeze[],
  { start, minutes }: { readonly start: number; readonly minutes: number },
): readonly ('open' | 'window' | 'freeze')[] {
  const state = new Array<'open' | 'window' | 'freeze'>(minutes);
  state.fill(windows.length === 0 ? 'open' : 'window');
  const startDay = Math.floor(start / MINUTE / DAY);
  const dates = Array.from({ length: minutes / DAY + 24 }, (_, i) => (startDay - 12 + i) * DAY);
  for (const window of windows) {
    const clock = clockOf(window.timeZone, start, minutes);
    for (const date of dates) {
      if (!window.days.includes(WEEKDAYS[new Date(date * MINUTE).getUTCDay()]!)) continue;
      const [from, to] = [timeOfDay(window.from), timeOfDay(window.to)];
      const end = date + to + (to <= from ? DAY : 0);
      state.fill('open', clock.first(date + from), clock.first(end));
    }
  }
  for (const freeze of freezes) {
    const clock = clockOf(freeze.timeZone, start, minutes);
    for (const [from, to] of occurrences(freeze, dates)) {
      const [begin, end] = [clock.first(from), clock.last(to)];
      if (begin < end) state.fill('freeze', begin, end);
    }
  }
  return state;
}

function occurrences({ from, to, repeats }: Freeze, dates: readonly number[]): [number, number][] {
  const [first, end] = [localMinutes(from), localMinutes(to)];
  if (repeats === undefined) return [[first, end]];
  if (repeats === 'yearly') {
    return Array.from({ length: 40 }, (_, years) => {
      const later = (text: string): number =>
        localMinutes(`${Number(text.slice(0, 4)) + years}${text.slice(4)}`);
      return [later(from), later(to)];
    });
  }
  const day = first - (first % DAY);
  return dates
    .filter((date) => date >= day && named(repeats.rrule, day, date))
    .map((date) => [date + (first - day), date + (end - day)]);
}

/** The few forms of rules that the properties use, by counting days. */
function named(rrule: string, first: number, date: number): boolean {
  const monthDay = new Date(date * MINUTE).getUTCDate();
  const weeks = /^FREQ=WEEKLY;INTERVAL=([0-9]+)$/.exec(rrule);
  if (weeks !== null) return ((date - first) / DAY) % (7 * Number(weeks[1])) === 0;
  if (rrule === 'FREQ=DAILY') return true;
  if (rrule === 'FREQ=MONTHLY') return monthDay === new Date(first * MINUTE).getUTCDate();
  throw new Error(`the oracle does not know ${rrule}`);
}
