import { RefreshId } from '@gantry/contracts';
import {
  claimsOfRefresh,
  decideRefresh,
  evolveRefresh,
  initialRefresh,
  refreshWakeUpAt,
  type RefreshFact,
  type RefreshInput,
  type RefreshState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** Refreshes: stream `refresh-<uuid>`. */
export const refreshAggregate: Aggregate<RefreshState, RefreshFact, RefreshInput> = {
  streamType: 'refresh',
  initial: initialRefresh,
  evolve: evolveRefresh,
  decide: (input, state, context) =>
    decideRefresh(input, state, { ...context, id: RefreshId.parse(context.id) }),
  locksOf: () => [],
  claimsOf: claimsOfRefresh,
  wakeUpAt: refreshWakeUpAt,
  wantsPlace: (state) =>
    state.status === 'running' && state.hosts.some((h) => h.status === 'queued'),
  slotOf: () => undefined,
};
