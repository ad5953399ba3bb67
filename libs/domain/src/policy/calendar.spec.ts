import { describe, expect, it } from '@jest/globals';
import { ApplicationName, ChangeWindow, EnvironmentName, Fleet, Freeze } from '@gantry/contracts';
import { calendarAt, type CalendarVerdict } from './calendar.js';
import { calendarFor } from './calendar-for.js';
import { freezesOf } from './freezes.js';
import { recurrenceProblem } from './recurrence.js';

const office = ChangeWindow.parse({
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '09:00',
  to: '17:00',
  timeZone: 'Europe/Amsterdam',
});
const windowAs = (changes: Record<string, unknown>): ChangeWindow =>
  ChangeWindow.parse({ ...office, ...changes });
const nightly = (from: string, to: string, timeZone = 'Europe/Amsterdam'): ChangeWindow =>
  windowAs({ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from, to, timeZone });
const yearEnd = Freeze.parse({
  name: 'year-end',
  environments: ['production'],
  from: '2025-12-20T18:00',
  to: '2026-01-02T09:00',
  timeZone: 'Europe/Amsterdam',
  repeats: 'yearly',
  reason: 'nobody is there to look',
});
const freezeAs = (changes: Record<string, unknown>): Freeze =>
  Freeze.parse({ ...yearEnd, ...changes });

/** `open` or the rule that closes, and when that ends. */
const told = (verdict: CalendarVerdict): readonly [string, string | undefined] =>
  verdict.open ? ['open', verdict.until] : [verdict.rule, verdict.opensAt];
const at = (windows: readonly ChangeWindow[], freezes: readonly Freeze[], now: string) =>
  told(calendarAt(windows, freezes, now));

describe('windows', () => {
  it('there are none: always open', () => {
    expect(calendarAt([], [], '2026-03-04T10:00:00.000Z')).toEqual({
      open: true,
      because: 'no windows: always open',
    });
  });

  it.each([
    ['a minute before', '2026-03-04T07:59:59.999Z', 'window', '2026-03-04T08:00:00.000Z'],
    ['from its first moment', '2026-03-04T08:00:00.000Z', 'open', '2026-03-04T16:00:00.000Z'],
    ['to its last', '2026-03-04T15:59:59.999Z', 'open', '2026-03-04T16:00:00.000Z'],
    ['its end is outside', '2026-03-04T16:00:00.000Z', 'window', '2026-03-05T08:00:00.000Z'],
    ['over a weekend', '2026-03-06T20:00:00.000Z', 'window', '2026-03-09T08:00:00.000Z'],
    ['in summer an hour earlier', '2026-07-01T07:00:00.000Z', 'open', '2026-07-01T15:00:00.000Z'],
  ] as const)('open on working days: %s', (_title, now, rule, changes) => {
    expect(at([office], [], now)).toEqual([rule, changes]);
  });

  it('says which window holds it open, and which windows there are when none does', () => {
    expect(calendarAt([office], [], '2026-03-04T10:00:00.000Z')).toMatchObject({
      because: 'within mon tue wed thu fri 09:00-17:00 Europe/Amsterdam',
    });
    expect(calendarAt([office], [], '2026-03-07T10:00:00.000Z')).toMatchObject({
      name: 'mon tue wed thu fri 09:00-17:00 Europe/Amsterdam',
      detail: 'outside its windows (mon tue wed thu fri 09:00-17:00 Europe/Amsterdam)',
    });
  });

  it('may cross midnight: the day named is the one it begins on', () => {
    const friday = windowAs({ days: ['fri'], from: '22:00', to: '04:00' });
    expect(at([friday], [], '2026-03-07T02:59:00.000Z')).toEqual([
      'open',
      '2026-03-07T03:00:00.000Z',
    ]);
    expect(at([friday], [], '2026-03-06T02:00:00.000Z')).toEqual([
      'window',
      '2026-03-06T21:00:00.000Z',
    ]);
  });

  it('that meet are one, and one that never closes says no end', () => {
    const days = windowAs({ days: ['sat', 'sun'], from: '00:00', to: '24:00' });
    expect(at([days, office], [], '2026-03-07T12:00:00.000Z')).toEqual([
      'open',
      '2026-03-08T23:00:00.000Z',
    ]);
    expect(at([nightly('00:00', '24:00')], [], '2026-03-07T12:00:00.000Z')).toEqual([
      'open',
      undefined,
    ]);
  });
});

describe('F-107: clocks that jump, where the windows are', () => {
  it.each([
    [
      'F-107 a window that begins in the gap begins when the clocks jump over it',
      nightly('02:30', '05:00'),
      '2026-03-29T00:59:00.000Z',
      ['window', '2026-03-29T01:00:00.000Z'],
    ],
    [
      'F-107 a window that ends in the gap ends when the clocks jump over it',
      nightly('01:00', '02:30'),
      '2026-03-29T00:30:00.000Z',
      ['open', '2026-03-29T01:00:00.000Z'],
    ],
    [
      'F-107 a window that lies wholly in the gap is none that night',
      nightly('02:15', '02:45'),
      '2026-03-29T00:00:00.000Z',
      ['window', '2026-03-30T00:15:00.000Z'],
    ],
    [
      'F-107 a window around the hour that comes twice is an hour longer',
      nightly('01:00', '05:00'),
      '2026-10-25T00:30:00.000Z',
      ['open', '2026-10-25T04:00:00.000Z'],
    ],
    [
      'F-107 a window that ends in the hour that comes twice ends the first time',
      nightly('01:00', '02:30'),
      '2026-10-25T00:00:00.000Z',
      ['open', '2026-10-25T00:30:00.000Z'],
    ],
    [
      'F-107 and does not open again the second time',
      nightly('01:00', '02:30'),
      '2026-10-25T01:10:00.000Z',
      ['window', '2026-10-26T00:00:00.000Z'],
    ],
    [
      'F-107 where clocks jump by half an hour',
      nightly('01:45', '02:15', 'Australia/Lord_Howe'),
      '2026-10-03T15:20:00.000Z',
      ['open', '2026-10-03T15:30:00.000Z'],
    ],
    [
      'F-107 a zone that is off by half an hour',
      nightly('09:00', '10:00', 'Asia/Kolkata'),
      '2026-06-01T03:30:00.000Z',
      ['open', '2026-06-01T04:30:00.000Z'],
    ],
    [
      'F-107 a Friday that Samoa left out',
      windowAs({ days: ['fri'], from: '09:00', to: '17:00', timeZone: 'Pacific/Apia' }),
      '2011-12-30T09:59:00.000Z',
      ['window', '2012-01-05T19:00:00.000Z'],
    ],
  ] as const)('%s', (_title, window, now, expected) => {
    expect(at([window], [], now)).toEqual(expected);
  });
});

describe('freezes', () => {
  it.each([
    ['the evening before', '2026-12-20T16:59:00.000Z', ['open', '2026-12-20T17:00:00.000Z']],
    ['at its first moment', '2026-12-20T17:00:00.000Z', ['freeze', '2027-01-02T08:00:00.000Z']],
    ['on New Year', '2026-12-31T23:30:00.000Z', ['freeze', '2027-01-02T08:00:00.000Z']],
    [
      'in January, begun in the year before',
      '2030-01-01T12:00:00.000Z',
      ['freeze', '2030-01-02T08:00:00.000Z'],
    ],
    ['when it is over', '2027-01-02T08:00:00.000Z', ['open', '2027-12-20T17:00:00.000Z']],
    [
      'before the first one there was none',
      '2024-12-25T12:00:00.000Z',
      ['open', '2025-12-20T17:00:00.000Z'],
    ],
  ] as const)('F-107 at the end of every year: %s', (_title, now, expected) => {
    expect(at([], [yearEnd], now)).toEqual(expected);
  });

  it('beats every window, says why, and opens only where a window does', () => {
    expect(calendarAt([office], [yearEnd], '2026-12-23T10:00:00.000Z')).toEqual({
      open: false,
      rule: 'freeze',
      name: 'year-end',
      detail: 'frozen until 2027-01-02T08:00:00.000Z: nobody is there to look',
      opensAt: '2027-01-04T08:00:00.000Z',
    });
  });

  it('of several the one that lasts longest is named, and it opens when the last is over', () => {
    const audit = freezeAs({
      name: 'audit',
      from: '2026-12-23T00:00',
      to: '2027-01-05T00:00',
      repeats: undefined,
    });
    expect(calendarAt([], [yearEnd, audit], '2026-12-23T10:00:00.000Z')).toMatchObject({
      name: 'audit',
      opensAt: '2027-01-04T23:00:00.000Z',
    });
  });

  it('that never ends says no day on which it opens', () => {
    const daily = freezeAs({
      from: '2026-01-01T00:00',
      to: '2026-01-02T00:00',
      repeats: { rrule: 'FREQ=DAILY' },
    });
    expect(at([], [daily], '2026-06-01T00:00:00.000Z')).toEqual(['freeze', undefined]);
  });

  const leapDay = freezeAs({ from: '2024-02-29T00:00', to: '2024-03-01T00:00', timeZone: 'UTC' });
  it.each([
    ['is frozen', '2028-02-29T12:00:00.000Z', ['freeze', '2028-03-01T00:00:00.000Z']],
    [
      'does not exist in other years',
      '2026-02-28T12:00:00.000Z',
      ['open', '2028-02-29T00:00:00.000Z'],
    ],
    ['nor on 1 March', '2026-03-01T00:00:00.000Z', ['open', '2028-02-29T00:00:00.000Z']],
    ['may be eight years away', '2096-03-01T00:00:00.000Z', ['open', '2104-02-29T00:00:00.000Z']],
  ] as const)('F-107 a leap day %s', (_title, now, expected) => {
    expect(at([], [leapDay], now)).toEqual(expected);
  });

  it('F-107 until a leap day, in a year without one, ends where that day would begin', () => {
    const until = freezeAs({ from: '2024-02-20T00:00', to: '2024-02-29T18:00', timeZone: 'UTC' });
    expect(at([], [until], '2027-02-28T23:59:00.000Z')).toEqual([
      'freeze',
      '2027-03-01T00:00:00.000Z',
    ]);
    expect(at([], [until], '2028-02-29T17:59:00.000Z')).toEqual([
      'freeze',
      '2028-02-29T18:00:00.000Z',
    ]);
  });

  it('F-107 in the hour that comes twice it begins the first time and ends the last', () => {
    const night = freezeAs({
      from: '2026-10-25T02:15',
      to: '2026-10-25T02:45',
      repeats: undefined,
    });
    expect(at([], [night], '2026-10-25T00:14:00.000Z')).toEqual([
      'open',
      '2026-10-25T00:15:00.000Z',
    ]);
    expect(at([], [night], '2026-10-25T01:10:00.000Z')).toEqual([
      'freeze',
      '2026-10-25T01:45:00.000Z',
    ]);
  });

  it('F-107 one that falls wholly into the gap of one week is told for the week after', () => {
    const weekly = freezeAs({
      from: '2026-03-01T02:15',
      to: '2026-03-01T02:45',
      repeats: { rrule: 'FREQ=WEEKLY' },
    });
    expect(at([], [weekly], '2026-03-25T00:00:00.000Z')).toEqual([
      'open',
      '2026-04-05T00:15:00.000Z',
    ]);
  });
});

describe('a freeze by a rule', () => {
  const monthly = freezeAs({
    name: 'month-end',
    from: '2026-01-30T16:00',
    to: '2026-02-02T08:00',
    repeats: { rrule: 'FREQ=MONTHLY;BYDAY=-1FR' },
  });
  it.each([
    ['2026-05-30T12:00:00.000Z', ['freeze', '2026-06-01T06:00:00.000Z']],
    ['2026-06-01T06:00:00.000Z', ['open', '2026-06-26T14:00:00.000Z']],
    ['2025-06-01T06:00:00.000Z', ['open', '2026-01-30T15:00:00.000Z']],
  ] as const)('from the last Friday of a month over the weekend: %s', (now, expected) => {
    expect(at([], [monthly], now)).toEqual(expected);
  });

  it.each([
    ['COUNT=2', 'FREQ=MONTHLY;BYDAY=-1FR;COUNT=2'],
    ['UNTIL', 'FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20260301'],
  ])('ends with its %s', (_title, rrule) => {
    const ending = freezeAs({ ...monthly, repeats: { rrule } });
    expect(at([], [ending], '2026-02-28T12:00:00.000Z')).toEqual([
      'freeze',
      '2026-03-02T07:00:00.000Z',
    ]);
    expect(at([], [ending], '2026-03-02T07:00:00.000Z')).toEqual(['open', undefined]);
  });

  it.each([
    ['FREQ=MONTHLY;BYDAY=-1FR', undefined],
    ['FREQ=MONTHLY;BYDAY=-1MO', /begins on 2026-01-30T16:00, a day that the rule does not name/],
    ['FREQ=WEEKLY;BYDAY=-1FR', /needs FREQ=MONTHLY or FREQ=YEARLY/],
    ['FREQ=DAILY', /the second freeze would begin on 2026-01-31T16:00, before the first one ends/],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', /cannot be followed|does not name/],
    ['FREQ=MONTHLY;BYDAY=-1FR;COUNT=1', undefined],
    ['FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20269999', /cannot be followed/],
  ])('%s: what is wrong with it', (rrule, says) => {
    const problem = recurrenceProblem(freezeAs({ ...monthly, repeats: { rrule } }));
    if (says === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(says);
  });

  it('yearly, and longer than a year, is wrong too', () => {
    const long = freezeAs({ from: '2025-01-01T00:00', to: '2026-01-01T00:01' });
    expect(recurrenceProblem(long)).toMatch(/would begin on 2026-01-01T00:00/);
    expect(recurrenceProblem(yearEnd)).toBeUndefined();
  });
});

describe('the calendar of an application in an environment', () => {
  const shop = ApplicationName.parse('shop');
  const [production, staging] = ['production', 'staging'].map((e) => EnvironmentName.parse(e)) as [
    EnvironmentName,
    EnvironmentName,
  ];
  const ofShop = freezeAs({ name: 'sale', environments: 'all', applications: ['shop'] });
  const ofOther = freezeAs({ name: 'other', environments: 'all', applications: ['billing'] });
  const freezes = [yearEnd, ofShop, ofOther];
  const names = (environment: EnvironmentName): readonly string[] =>
    freezesOf(freezes, { application: shop, environment }).map(({ name }) => name);

  it('has the freezes that name it, or all', () => {
    expect(names(production)).toEqual(['year-end', 'sale']);
    expect(names(staging)).toEqual(['sale']);
  });

  it('is open at any time, and lets running deployments finish, where the fleet file says nothing', () => {
    const fleet = Fleet.parse({
      version: 1,
      applications: {},
      pools: {},
      puppetServers: {},
      environments: {
        production: {
          puppetServers: ['p1'],
          applications: {},
          windows: [office],
          whenWindowCloses: 'pause',
        },
        staging: { puppetServers: ['p1'], applications: {} },
      },
    });
    expect(calendarFor(fleet, { application: shop, environment: staging })).toEqual({
      windows: [],
      freezes: [],
      whenWindowCloses: 'finish',
    });
    expect(
      calendarFor({ ...fleet, freezes }, { application: shop, environment: production }),
    ).toEqual({
      windows: [office],
      freezes: [yearEnd, ofShop],
      whenWindowCloses: 'pause',
    });
  });
});
