import { refused, type Decision } from '../../decision.js';
import type { HeldBack } from '../../policy/may-start.js';

/** A window, a freeze or a hold binds whoever wants something to begin: by which rule, by whom, and what can be done. */
export function heldBackRefusal(held: HeldBack, further: string): Decision<never> {
  const others = held.others.length === 0 ? '' : ` (and ${held.others.length} more)`;
  const what = `${held.what}, by ${held.who}${others}`;
  return refused('conflict', held.rule, what, `${held.todo} ${further}`);
}
