import type { MessageType } from '@gantry/contracts';
import { GantryError } from '@gantry/service-kit';
import type { LogEvent } from './log-event.js';

/** The read models, each a table of rows by key. */
export const MODELS = [
  'deployment',
  'refresh',
  'host',
  'fleet',
  'build',
  'attention',
  'release',
  'hold',
] as const;
export type ModelName = (typeof MODELS)[number];

/**
 * How one read model follows the log: which rows an event changes, and how. Pure: no clock, no I/O, nothing but the row and the
 * event, so that a model folded live equals one rebuilt from the first event.
 */
export interface Projection<S> {
  readonly model: ModelName;
  /** Event types it takes; the rest of the log does not concern it. */
  readonly types: ReadonlySet<string>;
  /** Keys of the rows the event changes. */
  keys(event: LogEvent): readonly string[];
  /** The event also concerns every row there is. */
  everyRow?(event: LogEvent): boolean;
  /** The row after the event; undefined where there is none. */
  apply(row: S | undefined, event: LogEvent, key: string): S | undefined;
  /** What lists show of a row; kept beside it, because the whole of it may be large. */
  summary?(row: S): unknown;
}

/** What each event type does to a row. */
export type Handlers<T extends MessageType, S> = {
  readonly [K in T]: (row: S, event: LogEvent<K>) => S;
};

/** Calls the handler of the event's type; an event that has none leaves the row as it is. */
export function handle<T extends MessageType, S>(
  handlers: Handlers<T, S>,
  row: S,
  event: LogEvent,
): S {
  const table = handlers as unknown as Partial<Record<string, (row: S, event: LogEvent) => S>>;
  return table[event.type]?.(row, event) ?? row;
}

/** The row that must be there: a stream's first event makes it, and the feed keeps a stream's order. */
export function existing<S>(row: S | undefined, event: LogEvent): S {
  if (row !== undefined) return row;
  throw new GantryError(
    'corrupt',
    'audit.row-missing',
    `Event ${event.type} at ${event.position} belongs to ${event.stream.type}-${event.stream.id}, whose first event was never seen.`,
  );
}
