import { describe, expect, it } from '@jest/globals';
import { ChangeWindow, Freeze } from '@gantry/contracts';
import fc from 'fast-check';
import { openMinutes } from '../../test/calendar-oracle.js';
import { calendarAt } from './calendar.js';
import { recurrenceProblem } from './recurrence.js';

const MINUTE = 60_000;
const DAYS = 8;
const ZONES = [
  'Europe/Amsterdam',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'UTC',
];
/** Days on which clocks jump, and where; on which a year ends; on which February has one day more; on which nothing happens. */
const MOMENTS = [
  ['2026-03-08', 'America/New_York'],
  ['2026-11-01', 'America/New_York'],
  ['2026-03-29', 'Europe/Amsterdam'],
  ['2026-10-25', 'Europe/Amsterdam'],
  ['2026-04-05', 'Australia/Lord_Howe'],
  ['2026-10-04', 'Australia/Lord_Howe'],
  ['2011-12-30', 'Pacific/Apia'],
  ['2012-04-01', 'Pacific/Apia'],
  ['2026-12-31', 'UTC'],
  ['2028-02-29', 'Asia/Kolkata'],
  ['2027-02-28', 'UTC'],
  ['2026-06-17', 'Asia/Kolkata'],
] as const;

const two = (n: number): string => String(n).padStart(2, '0');
const clock = fc.oneof(
  fc.tuple(fc.nat(23), fc.nat(59)),
  fc.tuple(fc.nat(3), fc.constantFrom(0, 15, 30, 45)),
);
const timeOfDay = clock.map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
/** The zone whose clocks jump, more often than the others. */
const zoneNear = (jumps: string): fc.Arbitrary<string> =>
  fc.oneof(fc.constant(jumps), fc.constantFrom(...ZONES));

const windowNear = (zone: string): fc.Arbitrary<ChangeWindow> =>
  fc
    .record({
      days: fc.uniqueArray(fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'), {
        minLength: 1,
      }),
      from: timeOfDay,
      to: fc.oneof(timeOfDay, fc.constant('24:00')),
      timeZone: zoneNear(zone),
    })
    .filter(({ from, to }) => from !== to)
    .map((one) => ChangeWindow.parse(one));

const local = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

/** A freeze that has to do with the days around a moment, begun then or years and weeks before. */
const freezeNear = (middle: number, zone: string): fc.Arbitrary<Freeze> =>
  fc
    .record({
      day: fc.oneof(fc.constantFrom(-1, 0), fc.integer({ min: -4, max: 4 })),
      at: clock,
      days: fc.oneof(fc.constantFrom(0, 1), fc.nat(4)),
      until: clock,
      timeZone: zoneNear(zone),
      again: fc.constantFrom('once', 'yearly', 'weekly', 'fortnightly', 'daily', 'monthly'),
      before: fc.nat(4),
    })
    .map(({ day, at, days, until, timeZone, again, before }) => {
      const begins = new Date(middle + (day * 1_440 + at[0] * 60 + at[1]) * MINUTE);
      const lasts = days * 1_440 + (until[0] - at[0]) * 60 + until[1] - at[1];
      if (again === 'yearly') begins.setUTCFullYear(begins.getUTCFullYear() - before);
      if (again === 'weekly' || again === 'fortnightly')
        begins.setUTCDate(begins.getUTCDate() - 14 * before);
      if (again === 'daily') begins.setUTCDate(begins.getUTCDate() - before);
      if (again === 'monthly') begins.setUTCMonth(begins.getUTCMonth() - before);
      const rule = {
        weekly: 'FREQ=WEEKLY;INTERVAL=1',
        fortnightly: 'FREQ=WEEKLY;INTERVAL=2',
        daily: 'FREQ=DAILY',
        monthly: 'FREQ=MONTHLY',
      };
      return Freeze.parse({
        name: again,
        environments: 'all',
        from: local(begins.getTime()),
        to: local(begins.getTime() + lasts * MINUTE),
        timeZone,
        reason: 'generated',
        ...(again === 'once'
          ? {}
          : { repeats: again === 'yearly' ? 'yearly' : { rrule: rule[again] } }),
      });
    })
    .filter((freeze) => freeze.from < freeze.to && recurrenceProblem(freeze) === undefined);

const situation = fc.constantFrom(...MOMENTS).chain(([day, zone]) => {
  const middle = Date.parse(`${day}T00:00:00Z`);
  return fc.record({
    start: fc.constant(middle - (DAYS / 2) * 1_440 * MINUTE),
    windows: fc.array(windowNear(zone), { maxLength: 3 }),
    freezes: fc.array(freezeNear(middle, zone), { maxLength: 3 }),
    minute: fc.oneof(
      fc.integer({ min: 2 * 1_440, max: 6 * 1_440 }),
      fc.integer({ min: 3 * 1_440, max: 5 * 1_440 }),
    ),
    within: fc.constantFrom(0, 1, 59_999),
  });
});

/** Where the clocks jump is where mistakes are. */
const nearTheMiddle = (minute: number): boolean => Math.abs(minute - (DAYS * 1_440) / 2) < 1_440;

describe('the calendar', () => {
  it('F-107 is what reading the clock on the wall every minute comes to, in every zone, whatever the clocks do', () => {
    fc.assert(
      fc.property(situation, ({ start, windows, freezes, minute, within }) => {
        const minutes = openMinutes(windows, freezes, { start, minutes: DAYS * 1_440 });
        const at = (i: number): string => new Date(start + i * MINUTE).toISOString();
        const edges = minutes.flatMap((m, i) => (i > 0 && m !== minutes[i - 1] ? [i - 1, i] : []));
        for (const i of [minute, ...edges.filter(nearTheMiddle)]) {
          const verdict = calendarAt(
            windows,
            freezes,
            new Date(Date.parse(at(i)) + within).toISOString(),
          );
          expect([at(i), verdict.open ? 'open' : verdict.rule]).toEqual([at(i), minutes[i]]);
          const changes = minutes.findIndex((m, j) => j > i && (m === 'open') !== verdict.open);
          const told = verdict.open ? verdict.until : verdict.opensAt;
          if (changes !== -1) expect([at(i), told]).toEqual([at(i), at(changes)]);
          // Beyond the minutes that were tried, it must at least not lie in them.
          else if (told !== undefined) expect(told >= at(minutes.length)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('opens when it says that it opens, and is closed when it says that it closes', () => {
    fc.assert(
      fc.property(situation, ({ start, windows, freezes, minute }) => {
        const verdict = calendarAt(
          windows,
          freezes,
          new Date(start + minute * MINUTE).toISOString(),
        );
        const then = verdict.open ? verdict.until : verdict.opensAt;
        if (then === undefined) return;
        expect(calendarAt(windows, freezes, then).open).toBe(!verdict.open);
        const justBefore = new Date(Date.parse(then) - 1).toISOString();
        expect(calendarAt(windows, freezes, justBefore).open).toBe(verdict.open);
      }),
      { numRuns: 100 },
    );
  });
});
