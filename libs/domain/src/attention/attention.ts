import type { Fact } from '../decision.js';

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
