import {
  decideAttention,
  evolveAttention,
  type AttentionFact,
  type AttentionInput,
  type AttentionState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** Attention items that the machine itself opens and closes: stream `attention-<key>`. */
export const attentionAggregate: Aggregate<AttentionState, AttentionFact, AttentionInput> = {
  streamType: 'attention',
  initial: 'closed',
  evolve: evolveAttention,
  decide: (input, state, { meta }) => decideAttention(input, state, meta.now),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
