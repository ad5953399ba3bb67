import type { BuildGone, BuildObserved, DataOf } from '@gantry/contracts';
import {
  decideGone,
  decideLift,
  decideObserved,
  evolveBuild,
  initialBuild,
  type BuildFact,
  type BuildState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** What can reach a build: that a repository has it, or has it no more, or a person lifting its quarantine. */
export type BuildInput =
  | { readonly type: 'build.observed'; readonly data: DataOf<typeof BuildObserved> }
  | { readonly type: 'build.gone'; readonly data: DataOf<typeof BuildGone> }
  | {
      readonly type: 'build.lift-quarantine';
      readonly data: Extract<BuildFact, { type: 'build.quarantine-lifted' }>['data'];
    };

/** Builds: stream `build-<name and version>`. */
export const buildAggregate: Aggregate<BuildState, BuildFact, BuildInput> = {
  streamType: 'build',
  initial: initialBuild,
  evolve: evolveBuild,
  decide: (input, state, { meta }) => {
    switch (input.type) {
      case 'build.observed':
        return decideObserved(input.data, state, meta.now);
      case 'build.gone':
        return decideGone(input.data, state, meta.now);
      case 'build.lift-quarantine':
        return decideLift(input.data, state, meta.now);
    }
  },
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
