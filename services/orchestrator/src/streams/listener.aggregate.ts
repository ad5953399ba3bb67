import {
  decideListener,
  evolveListener,
  initialListener,
  type ListenerFact,
  type ListenerInput,
  type ListenerState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** What people decide about listeners: stream `listener-<certname>`, of a publisher `listener-publisher.<certname>`. */
export const listenerAggregate: Aggregate<ListenerState, ListenerFact, ListenerInput> = {
  streamType: 'listener',
  initial: initialListener,
  evolve: evolveListener,
  decide: (input, state, { meta }) => decideListener(input, state, meta),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
