import type { LogEvent } from './log-event.js';
import type { ModelName, Projection } from './projection.js';

/** Rows of each model by key. */
export type Rows = ReadonlyMap<ModelName, ReadonlyMap<string, unknown>>;

/** Rows that became different; undefined = gone. */
export type Changes = ReadonlyMap<ModelName, ReadonlyMap<string, unknown>>;

/** What must be read before events can be applied. */
export interface Need {
  readonly keys: ReadonlySet<string>;
  readonly everyRow: boolean;
}

type AnyProjection = Projection<unknown>;

/** Which rows these events concern, so that they can be read at once. */
export function needsOf(
  projections: readonly AnyProjection[],
  events: readonly LogEvent[],
): ReadonlyMap<ModelName, Need> {
  return new Map(
    projections.map((projection) => {
      const mine = events.filter(({ type }) => projection.types.has(type));
      const keys = new Set(mine.flatMap((event) => projection.keys(event)));
      const everyRow = mine.some((event) => projection.everyRow?.(event) ?? false);
      return [projection.model, { keys, everyRow }];
    }),
  );
}

/** Applies events in order to the rows read before; returns the rows that became different. */
export function fold(
  projections: readonly AnyProjection[],
  events: readonly LogEvent[],
  rows: Rows,
): Changes {
  return new Map(
    projections.map((projection) => {
      const before = rows.get(projection.model) ?? new Map<string, unknown>();
      return [projection.model, foldOne(projection, events, before)];
    }),
  );
}

function foldOne(
  projection: AnyProjection,
  events: readonly LogEvent[],
  before: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, unknown> {
  const changed = new Map<string, unknown>();
  for (const event of events) {
    if (!projection.types.has(event.type)) continue;
    for (const key of keysOf(projection, event, before, changed)) {
      const row = changed.has(key) ? changed.get(key) : before.get(key);
      const next = projection.apply(row, event, key);
      if (next !== row) changed.set(key, next);
    }
  }
  return changed;
}

function keysOf(
  projection: AnyProjection,
  event: LogEvent,
  before: ReadonlyMap<string, unknown>,
  changed: ReadonlyMap<string, unknown>,
): Iterable<string> {
  const named = projection.keys(event);
  if (!(projection.everyRow?.(event) ?? false)) return named;
  return new Set([...named, ...before.keys(), ...changed.keys()]);
}
