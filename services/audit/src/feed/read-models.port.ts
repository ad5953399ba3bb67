import type { LogEvent } from '../projections/log-event.js';

/** One set of rows, and up to where in the feed it is true. */
export interface Generation {
  readonly generation: number;
  readonly position: string;
  /** How many events it was folded from. */
  readonly events: number;
}

/** Events to apply to a generation that stands at `after`; afterwards it stands at `upTo`. */
export interface Batch {
  readonly generation: number;
  readonly after: string;
  readonly upTo: string;
  readonly events: readonly LogEvent[];
}

/** Whether a new generation took over; not when the present one is true for more of the log. */
export type Switched = { readonly switched: false } | ({ readonly switched: true } & Generation);

/** Where read models are kept. */
export interface ReadModels {
  current(): Promise<Generation>;
  /** Applies a batch; false when the generation stands elsewhere (another replica was first, or it is no more). */
  advance(batch: Batch): Promise<boolean>;
  /** Empties a generation that knows more than the log; false when it stands elsewhere. */
  startOver(generation: Pick<Generation, 'generation' | 'position'>): Promise<boolean>;
  /** Makes an empty generation and keeps others from rebuilding while the work goes on. */
  rebuilding<T>(work: (generation: number) => Promise<T>): Promise<T>;
  switchTo(generation: number): Promise<Switched>;
}
