import type { Binding } from './binding.js';
import type { ChangeTarget } from './holds.js';
import { calendarLeft, heldBack, whatBinds, type HeldBack, type TimeRules } from './may-start.js';

/** Whether what runs may take its next host. */
export type RunningVerdict =
  | {
      readonly goOn: true;
      /** When that may change by the clock alone. */ readonly lookAgainAt?: string;
    }
  | ({ readonly goOn: false } & HeldBack);

/**
 * What becomes of a deployment that runs while something begins to bind. A stopped line pauses it in any case; a window that closes
 * or a freeze that begins pauses it where the environment says so, and else it finishes; locks and pins concern only what has
 * not begun.
 */
export function whenWindowCloses(
  rules: TimeRules,
  target: ChangeTarget,
  now: string,
): RunningVerdict {
  const pauses = rules.calendar.whenWindowCloses === 'pause';
  const stops = ({ rule }: Binding): boolean =>
    rule === 'stop-the-line' || (pauses && (rule === 'freeze' || rule === 'window'));
  const binding = whatBinds(rules, target, now).binding.filter(stops);
  const calendar = calendarLeft(rules, target, now);
  const held = heldBack(binding, now, (at) => {
    const then = calendarLeft(rules, target, at);
    // What may finish outside its windows need not wait for one either.
    return then.open || !pauses ? at : then.opensAt;
  });
  if (held !== undefined) return { goOn: false, ...held };
  const closes = pauses && calendar.open ? calendar.until : undefined;
  return { goOn: true, ...(closes === undefined ? {} : { lookAgainAt: closes }) };
}
