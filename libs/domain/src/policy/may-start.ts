import type { BindingId } from '@gantry/contracts';
import type { Hold } from '../hold/hold.js';
import { latest } from '../time.js';
import { calendarAt, type CalendarVerdict } from './calendar.js';
import type { TargetCalendar } from './calendar-for.js';
import {
  bindingAfterOverride,
  bySeverity,
  type AfterOverride,
  type Binding,
  type OnesOverride,
} from './binding.js';
import { holdsThatBind, type ChangeTarget } from './holds.js';

/** Everything that may hold a change back, and what a person overrode of it. */
export interface TimeRules {
  readonly calendar: TargetCalendar;
  readonly holds: readonly Hold[];
  readonly override: OnesOverride | undefined;
}

/** Whether a change may start now. */
export type StartVerdict =
  | {
      readonly allowed: true;
      /** When window or freeze will close it, as far as can be told. */
      readonly until?: string;
      /** What would have held it back: for the record. */
      readonly overridden: readonly Binding[];
    }
  | ({ readonly allowed: false } & HeldBack);

/** Held back: by what first, what else binds besides, and when it may go on unless somebody lifts or overrides something. */
export type HeldBack = Binding & {
  readonly others: readonly Binding[];
  /** Absent where that depends on a person, or lies too far away to tell. */
  readonly notBefore?: string;
};

/**
 * Whether a deployment may start, or a release go on to its next stage: for people and automation alike. The most severe thing that
 * binds is told first.
 */
export function mayStart(rules: TimeRules, target: ChangeTarget, now: string): StartVerdict {
  const { binding, overridden } = whatBinds(rules, target, now);
  const held = heldBack(binding, now, (at) => {
    const then = calendarLeft(rules, target, at);
    return then.open ? at : then.opensAt;
  });
  if (held !== undefined) return { allowed: false, ...held };
  const calendar = calendarLeft(rules, target, now);
  const until = calendar.open ? calendar.until : undefined;
  return { allowed: true, overridden, ...(until === undefined ? {} : { until }) };
}

/** What binds a target now, most severe first, and what of it is overridden. */
export function whatBinds(rules: TimeRules, target: ChangeTarget, now: string): AfterOverride {
  const all = [
    ...holdsThatBind(rules.holds, target, now),
    ...calendarBindings(rules.calendar, target, now),
  ];
  return bindingAfterOverride(bySeverity(all), rules.override);
}

/** What is told of those that bind; undefined when none does. `opensFrom` = when the calendar is open, at a moment or next after it. */
export function heldBack(
  [first, ...others]: readonly Binding[],
  now: string,
  opensFrom: (at: string) => string | undefined,
): HeldBack | undefined {
  if (first === undefined) return undefined;
  const holds = [first, ...others].filter(({ id }) => id.startsWith('hold:'));
  const unended = holds.some(({ until }) => until === undefined);
  const notBefore = unended
    ? undefined
    : opensFrom(holds.reduce((at, { until }) => latest(at, until), now));
  return { ...first, others, ...(notBefore === undefined ? {} : { notBefore }) };
}

/** Each freeze that is on, and the windows if none is open, by a name of its own: they are overridden one by one. */
function calendarBindings(
  { windows, freezes }: TargetCalendar,
  { environment }: ChangeTarget,
  now: string,
): readonly Binding[] {
  const frozen = freezes.flatMap((freeze) => {
    const verdict = calendarAt([], [freeze], now);
    return verdict.open
      ? []
      : [calendarBinding(freezeId(freeze), verdict, `freeze ${freeze.name}`)];
  });
  const verdict = calendarAt(windows, [], now);
  const what = `${environment} is`;
  return verdict.open ? frozen : [...frozen, calendarBinding(windowId(environment), verdict, what)];
}

function calendarBinding(
  id: BindingId,
  { rule, detail, opensAt }: Extract<CalendarVerdict, { open: false }>,
  what: string,
): Binding {
  const wait = opensAt === undefined ? 'Change the fleet file' : `Wait until ${opensAt}`;
  return {
    id,
    rule,
    what: `${what} ${detail}`,
    who: 'the fleet file',
    ...(opensAt === undefined ? {} : { until: opensAt }),
    todo: `${wait}, or override ${id} with a reason.`,
  };
}

/** What the calendar says without the parts that are overridden. */
export function calendarLeft(
  { calendar, override }: TimeRules,
  { environment }: ChangeTarget,
  now: string,
): CalendarVerdict {
  const named = new Set(override?.of);
  const windows = named.has(windowId(environment)) ? [] : calendar.windows;
  const freezes = calendar.freezes.filter((freeze) => !named.has(freezeId(freeze)));
  return calendarAt(windows, freezes, now);
}

const freezeId = ({ name }: { readonly name: string }): BindingId => `freeze:${name}`;
const windowId = (environment: string): BindingId => `window:${environment}`;
