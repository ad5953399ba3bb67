import {
  decideFleet,
  evolveFleet,
  initialFleet,
  type FleetFact,
  type FleetInput,
  type FleetState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** The fleet: the one stream `fleet-main`. */
export const fleetAggregate: Aggregate<FleetState, FleetFact, FleetInput> = {
  streamType: 'fleet',
  initial: initialFleet,
  evolve: evolveFleet,
  decide: (input, state, { meta }) => decideFleet(input, state, meta.now),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
