import type { Freeze } from '@gantry/contracts';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

/** What the clocks show at the two ends of something. */
export interface LocalSpan {
  readonly from: Temporal.PlainDateTime;
  readonly to: Temporal.PlainDateTime;
}

/** How many occurrences are looked at that are still to come: one may lie wholly in a gap of the clocks, and then it is none. */
export const UPCOMING = 2;
/** How far the clocks may jump (Samoa left out a day), and a bit more. */
export const CLOCK_JUMP = { days: 2 };

export const isBefore = (a: Temporal.PlainDateTime, b: Temporal.PlainDateTime): boolean =>
  Temporal.PlainDateTime.compare(a, b) < 0;

/** The beginnings that a rule names from `since` until `soon`, and the next ones after that. */
export function startsByRule(
  rrule: string,
  first: Temporal.PlainDateTime,
  {
    since,
    soon,
  }: { readonly since: Temporal.PlainDateTime; readonly soon: Temporal.PlainDateTime },
): readonly Temporal.PlainDateTime[] {
  const rule = ruleOf(rrule, first);
  const near = rule.between(since.toZonedDateTime('UTC'), soon.toZonedDateTime('UTC'), true);
  return [...near.map(localOf), ...upcoming(rule, soon)];
}

/** Why a freeze cannot come again as it says; undefined when it can. The rule must be sound before anything else here asks it. */
export function recurrenceProblem({ from, to, repeats }: Freeze): string | undefined {
  if (repeats === undefined) return undefined;
  const first = Temporal.PlainDateTime.from(from);
  if (repeats === 'yearly') return overlapProblem(first.add({ years: 1 }), to);
  if (/FREQ=(?:DAILY|WEEKLY).*BYDAY=(?:[A-Z]{2},)*-?[1-5]/.test(repeats.rrule))
    return 'a numbered day such as 1MO or -1FR needs FREQ=MONTHLY or FREQ=YEARLY';
  try {
    const rule = ruleOf(repeats.rrule, first);
    if (!rule.matches(first.toZonedDateTime('UTC')))
      return `the freeze begins on ${from}, a day that the rule does not name: let from be the first that it does`;
    const [second] = upcoming(rule, first);
    return second === undefined ? undefined : overlapProblem(second, to);
  } catch (error) {
    return `the rule cannot be followed (${error instanceof Error ? error.message : String(error)})`;
  }
}

function overlapProblem(second: Temporal.PlainDateTime, to: string): string | undefined {
  if (!isBefore(second, Temporal.PlainDateTime.from(to))) return undefined;
  const begins = second.toString({ smallestUnit: 'minute' });
  return `the second freeze would begin on ${begins}, before the first one ends`;
}

/** A rule names days by the calendar alone, so it is asked in UTC, where every time exists; the zone comes in afterwards. */
const ruleOf = (rruleString: string, first: Temporal.PlainDateTime): RRuleTemporal =>
  new RRuleTemporal({ rruleString, dtstart: first.toZonedDateTime('UTC') });

type Start = NonNullable<ReturnType<RRuleTemporal['next']>>;

/** The library has a Temporal of its own. */
const localOf = (start: Start): Temporal.PlainDateTime =>
  Temporal.PlainDateTime.from(start.toPlainDateTime().toString());

function upcoming(
  rule: RRuleTemporal,
  after: Temporal.PlainDateTime,
): readonly Temporal.PlainDateTime[] {
  const starts: Temporal.PlainDateTime[] = [];
  let next = rule.next(after.toZonedDateTime('UTC'));
  while (next !== null && starts.length < UPCOMING) {
    starts.push(localOf(next));
    next = rule.next(next);
  }
  return starts;
}
