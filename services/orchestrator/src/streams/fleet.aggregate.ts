import {
  decideFleet,
  evolveFleet,
  initialFleet,
  type FleetFact,
  type FleetReading,
  type FleetState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** The fleet: the one stream `fleet-main`. */
export const fleetAggregate: Aggregate<FleetState, FleetFact, FleetReading> = {
  streamType: 'fleet',
  initial: initialFleet,
  evolve: evolveFleet,
  decide: (reading, state, { meta }) => decideFleet(reading, state, meta.now),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
