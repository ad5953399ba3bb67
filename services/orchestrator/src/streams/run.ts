import type { Refusal } from '@gantry/domain';
import type { LogTransaction, StreamId } from '@gantry/event-log';
import type { Cause } from './cause.js';

/** One input to one stream. */
export interface Run<I> {
  readonly id: string;
  readonly input: I;
  readonly cause: Cause;
  /** Completes the input with what only the transaction can see. */
  readonly prepare?: (tx: LogTransaction) => Promise<I>;
  /** Further streams and names that `prepare` reads under lock. */
  readonly streams?: readonly StreamId[];
  readonly locks?: readonly string[];
}

/** What became of an input; `version` is that of the stream with what was appended. */
export type Outcome =
  | { readonly outcome: 'accepted'; readonly version: number }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'ignored'; readonly because: string }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };
