import { ReleaseId } from '@gantry/contracts';
import {
  decideRelease,
  evolveRelease,
  initialRelease,
  releaseWakeUpAt,
  type ReleaseFact,
  type ReleaseInput,
  type ReleaseState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** Releases: stream `release-<uuid>`. They hold nothing: their deployments do. */
export const releaseAggregate: Aggregate<ReleaseState, ReleaseFact, ReleaseInput> = {
  streamType: 'release',
  initial: initialRelease,
  evolve: evolveRelease,
  decide: (input, state, { id, meta }) =>
    decideRelease(input, state, { id: ReleaseId.parse(id), meta }),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: releaseWakeUpAt,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
