import type { Fact } from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

type Recorded = 'access.refused' | 'parked.decided';
type FactOf<T extends Recorded> = Extract<Fact, { type: T }>;

/** A stream that only keeps a record: every input is one event more. It holds nothing and waits for nothing. */
const recordOf = <T extends Recorded>(
  streamType: string,
  type: T,
): Aggregate<null, FactOf<T>, FactOf<T>['data']> => ({
  streamType,
  initial: null,
  evolve: () => null,
  decide: (data, _state, { meta }) => ({
    outcome: 'accepted',
    events: [{ type, data, at: meta.now } as unknown as FactOf<T>],
    also: [],
  }),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
});

/** What was refused: stream `access-<day>`. */
export const accessAggregate = recordOf('access', 'access.refused');

/** What people decide about parked messages: stream `parked-<service>`. */
export const parkedAggregate = recordOf('parked', 'parked.decided');
