import type { AccessRefused, DataOf } from '@gantry/contracts';
import type { Fact } from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** What was refused: stream `access-<day>`. It holds nothing and waits for nothing. */
export const accessAggregate: Aggregate<
  null,
  Fact<'access.refused'>,
  DataOf<typeof AccessRefused>
> = {
  streamType: 'access',
  initial: null,
  evolve: () => null,
  decide: (data, _state, { meta }) => ({
    outcome: 'accepted',
    events: [{ type: 'access.refused', data, at: meta.now }],
    also: [],
  }),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
