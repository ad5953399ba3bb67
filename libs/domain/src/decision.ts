import type { DataOf, Finding, MessageOf, MessageType } from '@gantry/contracts';

/** What happened: an event's type and data, and the instant its input was handled. */
export type Fact<T extends MessageType = MessageType> = T extends MessageType
  ? { readonly type: T; readonly data: DataOf<MessageOf<T>>; readonly at: string }
  : never;

/** Comes with every input: time and fresh numbers, so that deciders need neither a clock nor a counter. */
export interface Meta {
  readonly now: string;
  /** First of a block of numbers nobody else has: fencing epochs and command sequences are drawn from it. */
  readonly fence: number;
  /** SHA-256 of a text, hex: a pure function the domain cannot import. */
  readonly sha256: (text: string) => string;
  /**
   * Since when messages have been travelling without a break, as far as whoever asks has seen; absent = always. What was
   * asked before that may never have arrived, so silence is no answer to it.
   */
  readonly heardSince?: string;
}

/** A person asked for something that is not allowed: what, why, and what to do. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly todo: string;
  readonly status: 'invalid' | 'not-found' | 'conflict' | 'unprocessable' | 'unavailable';
  readonly findings: readonly Finding[];
}

/** A fact that belongs to another stream but is decided here, in the same transaction. */
export type SideFact = Fact<'attention.opened' | 'attention.closed' | 'build.quarantined'>;

/**
 * The answer of a decider. *ignored* is a duplicate or a late message (acknowledge and count it); *refused* is a person
 * asking for something not allowed (tell them). With at-least-once delivery the two must not be the same thing.
 */
export type Decision<F> =
  | {
      readonly outcome: 'accepted';
      readonly events: readonly F[];
      readonly also: readonly SideFact[];
    }
  | { readonly outcome: 'ignored'; readonly because: string }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

/** Shorthand for an ignored input. */
export const ignored = (because: string): Decision<never> => ({ outcome: 'ignored', because });

/** Shorthand for a refused request. */
export function refused(
  status: Refusal['status'],
  code: string,
  message: string,
  todo: string,
  findings: readonly Finding[] = [],
): Decision<never> {
  return { outcome: 'refused', refusal: { status, code, message, todo, findings } };
}
