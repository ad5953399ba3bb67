import { describe, expect, it } from '@jest/globals';
import { changed, expectRefused, GOOD, lineOf, problemsOf } from './fleet-examples.suite.js';
import { parseFleetFile } from './fleet-file.js';

const CALENDAR = `freezes:
  - name: year-end
    environments: [production]
    applications: [shop]
    from: 2025-12-20T18:00
    to: 2026-01-02T09:00
    timeZone: Europe/Amsterdam
    repeats: yearly
    reason: nobody is there to look
  - name: month-end
    environments: all
    from: 2026-01-30T16:00
    to: 2026-02-02T08:00
    timeZone: Europe/Amsterdam
    repeats: { rrule: FREQ=MONTHLY;BYDAY=-1FR }
    reason: the books are closed
`;
const WITH_CALENDAR =
  changed(
    '    confirmByName: true\n',
    `    confirmByName: true
    whenWindowCloses: pause
    windows:
      - { days: [mon, tue, wed, thu], from: 09:00, to: 17:00, timeZone: Europe/Amsterdam }
      - days: [fri]
        from: 22:00
        to: 04:00
        timeZone: America/New_York
`,
  ) + CALENDAR;

/** The fleet file with a calendar, with one thing in it changed. */
function altered(from: string, to: string): string {
  expect(WITH_CALENDAR).toContain(from);
  return WITH_CALENDAR.replace(from, to);
}

describe('a fleet file with windows and freezes', () => {
  it('is taken as it is written', () => {
    const result = parseFleetFile(WITH_CALENDAR, 'fleet.yaml');
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.fleet.freezes?.map(({ name, repeats }) => [name, repeats])).toEqual([
      ['year-end', 'yearly'],
      ['month-end', { rrule: 'FREQ=MONTHLY;BYDAY=-1FR' }],
    ]);
    expect(Object.values(result.fleet.environments)[1]).toMatchObject({
      whenWindowCloses: 'pause',
      windows: [
        { days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '17:00' },
        { days: ['fri'], from: '22:00', to: '04:00', timeZone: 'America/New_York' },
      ],
    });
  });

  it('one without is taken, and nothing is added to it', () => {
    const result = parseFleetFile(GOOD, 'fleet.yaml');
    expect(result.ok && 'freezes' in result.fleet).toBe(false);
    expect(result.ok && Object.values(result.fleet.environments).some((e) => 'windows' in e)).toBe(
      false,
    );
  });
});

describe('F-107: times that cannot be meant are refused where they stand', () => {
  const inWindow = 'environments.production.windows';
  it.each([
    [
      'a zone that nobody knows',
      altered('to: 17:00, timeZone: Europe/Amsterdam', 'to: 17:00, timeZone: Europe/Amsterdm'),
      'Europe/Amsterdm',
      `${inWindow}[0].timeZone`,
      /no time zone "Europe\/Amsterdm" is known.*IANA/,
    ],
    [
      'an offset instead of a zone: it would not follow the clocks',
      altered('to: 17:00, timeZone: Europe/Amsterdam', 'to: 17:00, timeZone: "+01:00"'),
      '"+01:00"',
      `${inWindow}[0].timeZone`,
      /a time zone such as Europe\/Amsterdam/,
    ],
    [
      'a window that ends when it begins',
      altered('to: 04:00', 'to: 22:00'),
      '22:00\n        timeZone',
      `${inWindow}[1].to`,
      /ends at 22:00, when it begins: for the whole day write from 00:00 to 24:00/,
    ],
    [
      'an hour that is none',
      altered('from: 22:00', 'from: 25:00'),
      '25:00',
      `${inWindow}[1].from`,
      /a time of day such as 09:00/,
    ],
    [
      'a day twice',
      altered('[mon, tue, wed, thu]', '[mon, tue, mon]'),
      'mon]',
      `${inWindow}[0].days[2]`,
      /day mon stands in this list twice/,
    ],
    [
      'a day by another name',
      altered('[mon, tue, wed, thu]', '[maandag]'),
      'maandag',
      `${inWindow}[0].days[0]`,
      /not one of the values known here: write mon or tue/,
    ],
    [
      'a policy nobody knows',
      altered('whenWindowCloses: pause', 'whenWindowCloses: stop'),
      'stop',
      'environments.production.whenWindowCloses',
      /write finish or pause/,
    ],
    [
      'a freeze that ends before it begins',
      altered('to: 2026-01-02T09:00', 'to: 2025-12-02T09:00'),
      '2025-12-02T09:00',
      'freezes[0].to',
      /ends on 2025-12-02T09:00, not after it begins on 2025-12-20T18:00/,
    ],
    [
      'a day that is none',
      altered('2026-02-02T08:00', '2026-02-30T08:00'),
      '2026-02-30T08:00',
      'freezes[1].to',
      /2026-02-30 is no day of the calendar/,
    ],
    [
      'a zone of a freeze that nobody knows',
      altered('timeZone: Europe/Amsterdam\n    repeats: {', 'timeZone: Mars/Base\n    repeats: {'),
      'Mars/Base',
      'freezes[1].timeZone',
      /no time zone "Mars\/Base"/,
    ],
    [
      'an environment that is not declared',
      altered('environments: [production]', 'environments: [production, staging]'),
      'staging',
      'freezes[0].environments[1]',
      /no environment staging is declared.*declared: certification, production/,
    ],
    [
      'an application that is not declared',
      altered('applications: [shop]', 'applications: [shpo]'),
      'shpo',
      'freezes[0].applications[0]',
      /no application shpo is declared.*declared: shop/,
    ],
    [
      'environments as a word',
      altered('environments: all', 'environments: every'),
      'every',
      'freezes[1].environments',
      /write all, or a list of environments/,
    ],
    [
      'the same name twice',
      altered('name: month-end', 'name: year-end'),
      'year-end\n    environments: all',
      'freezes[1].name',
      /another freeze is called year-end already/,
    ],
    [
      'a rule that is none',
      altered('FREQ=MONTHLY;BYDAY=-1FR', 'every last Friday'),
      'every last Friday',
      'freezes[1].repeats.rrule',
      /write a recurrence rule such as FREQ=MONTHLY;BYDAY=-1FR/,
    ],
    [
      'a rule by a word that is not known',
      altered('repeats: yearly', 'repeats: monthly'),
      'repeats: monthly',
      'freezes[0].repeats',
      /write yearly, or \{ rrule/,
    ],
    [
      'a rule that does not name the day on which the freeze begins',
      altered('BYDAY=-1FR', 'BYDAY=1FR'),
      'repeats: {',
      'freezes[1].repeats',
      /begins on 2026-01-30T16:00, a day that the rule does not name/,
    ],
    [
      'a freeze that would never end',
      altered('FREQ=MONTHLY;BYDAY=-1FR', 'FREQ=DAILY'),
      'repeats: {',
      'freezes[1].repeats',
      /before the first one ends: correct/,
    ],
  ] as const)('F-107 %s', (_title, text, at, path, says) =>
    expectRefused(text, { at, path, says }),
  );

  it('a reason is missing: nobody would know whom to ask', () => {
    const text = altered('    reason: the books are closed\n', '');
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({
        line: lineOf(text, '- name: month-end'),
        path: 'freezes[1].reason',
        message: expect.stringMatching(/missing/),
      }),
    ]);
  });
});
