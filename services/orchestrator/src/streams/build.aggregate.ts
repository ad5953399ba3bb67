import type { BuildObserved, DataOf } from '@gantry/contracts';
import {
  decideLift,
  decideObserved,
  evolveBuild,
  initialBuild,
  type BuildFact,
  type BuildState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** What can reach a build: a sighting, or a person lifting its quarantine. */
export type BuildInput =
  | { readonly type: 'build.observed'; readonly data: DataOf<typeof BuildObserved> }
  | {
      readonly type: 'build.lift-quarantine';
      readonly data: Extract<BuildFact, { type: 'build.quarantine-lifted' }>['data'];
    };

/** Builds: stream `build-<name and version>`. */
export const buildAggregate: Aggregate<BuildState, BuildFact, BuildInput> = {
  streamType: 'build',
  initial: initialBuild,
  evolve: evolveBuild,
  decide: (input, state, { meta }) =>
    input.type === 'build.observed'
      ? decideObserved(input.data, state, meta.now)
      : decideLift(input.data, state, meta.now),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
