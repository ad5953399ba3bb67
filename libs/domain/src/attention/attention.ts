import type { AttentionClosed, AttentionOpened, DataOf } from '@gantry/contracts';
import { ignored, type Decision, type Fact } from '../decision.js';

/** Events of an attention item's stream: one stream per thing, opened and closed any number of times. */
export type AttentionFact = Fact<'attention.opened' | 'attention.closed'>;

/** Whether the item is open. */
export type AttentionState = 'closed' | 'open';

/** The state after the fact. */
export const evolveAttention = (_state: AttentionState, fact: AttentionFact): AttentionState =>
  fact.type === 'attention.opened' ? 'open' : 'closed';

/** Opening what is open and closing what is closed have no effect: one item per thing. */
export const attentionMatters = (state: AttentionState, fact: AttentionFact): boolean =>
  (fact.type === 'attention.opened') !== (state === 'open');

/** What the machine finds out about itself and the world: something a person must know, or that it is true again. */
export type AttentionInput =
  | { readonly type: 'attention.open'; readonly item: DataOf<typeof AttentionOpened> }
  | { readonly type: 'attention.close'; readonly item: DataOf<typeof AttentionClosed> };

/** The decision on a finding: whoever finds the same again, or on another replica, changes nothing. */
export function decideAttention(
  input: AttentionInput,
  state: AttentionState,
  now: string,
): Decision<AttentionFact> {
  const fact: AttentionFact =
    input.type === 'attention.open'
      ? { type: 'attention.opened', data: input.item, at: now }
      : { type: 'attention.closed', data: input.item, at: now };
  if (!attentionMatters(state, fact)) return ignored(`it is ${state} already`);
  return { outcome: 'accepted', events: [fact], also: [] };
}
