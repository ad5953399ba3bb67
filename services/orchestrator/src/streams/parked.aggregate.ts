import type { DataOf, ParkedDecided } from '@gantry/contracts';
import type { Fact } from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** What people decide about parked messages: stream `parked-<service>`. It holds nothing and waits for nothing. */
export const parkedAggregate: Aggregate<
  null,
  Fact<'parked.decided'>,
  DataOf<typeof ParkedDecided>
> = {
  streamType: 'parked',
  initial: null,
  evolve: () => null,
  decide: (data, _state, { meta }) => ({
    outcome: 'accepted',
    events: [{ type: 'parked.decided', data, at: meta.now }],
    also: [],
  }),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
