import {
  decideHold,
  evolveHold,
  holdWakeUpAt,
  initialHold,
  type HoldFact,
  type HoldInput,
  type HoldState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** Holds: stream `hold-<uuid>`. They claim no host; their one timer is their end. */
export const holdAggregate: Aggregate<HoldState, HoldFact, HoldInput> = {
  streamType: 'hold',
  initial: initialHold,
  evolve: evolveHold,
  decide: (input, state, { meta }) => decideHold(input, state, meta.now),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: holdWakeUpAt,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
