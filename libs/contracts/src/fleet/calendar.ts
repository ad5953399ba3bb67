import { z } from 'zod';
import { ApplicationName, EnvironmentName, Reason } from '../ids.js';

/** A time zone by its IANA name. Whether it exists is for the loader to say: it depends on the machine's tables, not on the shape. */
export const TimeZoneName = z
  .string()
  .max(64)
  .regex(
    /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/,
    'a time zone such as Europe/Amsterdam',
  );

/** Days of the week, as a fleet file writes them. */
export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Weekday = z.infer<typeof Weekday>;

/** What the clocks of a zone show, without saying which zone. */
export const LocalDateTime = z
  .string()
  .regex(
    /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]$/,
    'a local date and time such as 2026-12-24T18:00',
  );

/** When changes may begin, by the clocks of its zone. Where `to` is not after `from`, the window ends on the day after. */
export const ChangeWindow = z.strictObject({
  days: z.array(Weekday).min(1).max(7),
  from: z.string().regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time of day such as 09:00'),
  to: z
    .string()
    .regex(
      /^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/,
      'a time of day such as 17:00, or 24:00 for the end of the day',
    ),
  timeZone: TimeZoneName,
});
export type ChangeWindow = z.infer<typeof ChangeWindow>;

/** What becomes of a deployment that runs when its window closes or a freeze begins. */
export const WhenWindowCloses = z.enum(['finish', 'pause']);
export type WhenWindowCloses = z.infer<typeof WhenWindowCloses>;

const weekdayCode = '(?:MO|TU|WE|TH|FR|SA|SU)';
const rrulePart = [
  'INTERVAL=[1-9][0-9]?',
  'COUNT=[1-9][0-9]{0,2}',
  'UNTIL=[0-9]{8}',
  `BYDAY=-?[1-5]?${weekdayCode}(?:,-?[1-5]?${weekdayCode}){0,6}`,
  'BYMONTHDAY=-?(?:[12][0-9]|3[01]|[1-9])(?:,-?(?:[12][0-9]|3[01]|[1-9])){0,30}',
  'BYMONTH=(?:1[0-2]|[1-9])(?:,(?:1[0-2]|[1-9])){0,11}',
  'BYSETPOS=-?[1-5]',
].join('|');

/** The part of RFC 5545's recurrence rules that a freeze may use: whole days, no times of day, dates only in UNTIL. */
export const RecurrenceRule = z
  .string()
  .max(200)
  .regex(
    new RegExp(`^FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;(?:${rrulePart}))*$`),
    'a recurrence rule such as FREQ=MONTHLY;BYDAY=-1FR (FREQ first; INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, COUNT, UNTIL=20271231)',
  );

/** A time in which nothing may begin to change. It may come again; each time it begins and ends by the clocks of its zone. */
export const Freeze = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      'lower-case letters, digits and hyphens, at most 63',
    ),
  environments: z.union([z.literal('all'), z.array(EnvironmentName).min(1).max(100)], {
    error: 'write all, or a list of environments such as [production]',
  }),
  applications: z.array(ApplicationName).min(1).max(500).optional(),
  from: LocalDateTime,
  to: LocalDateTime,
  timeZone: TimeZoneName,
  repeats: z
    .union([z.literal('yearly'), z.strictObject({ rrule: RecurrenceRule })], {
      error:
        'write yearly, or { rrule: FREQ=MONTHLY;BYDAY=-1FR }: FREQ first, then INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, COUNT or UNTIL=20271231',
    })
    .optional(),
  reason: Reason,
});
export type Freeze = z.infer<typeof Freeze>;
