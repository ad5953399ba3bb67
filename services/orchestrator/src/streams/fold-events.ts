import type { Fact } from '@gantry/domain';
import type { RecordedEvent } from '@gantry/event-log';

/** Folds recorded events as the domain sees them; their data was validated when they were read from the log. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- only the caller knows which facts its stream holds.
export function foldEvents<S, F extends Fact>(
  events: readonly RecordedEvent[],
  evolve: (state: S, fact: F) => S,
  from: S,
): S {
  return events.reduce(
    (state, { type, data, metadata }) =>
      evolve(state, { type, data, at: metadata.occurredAt } as F),
    from,
  );
}
