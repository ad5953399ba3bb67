import type { Admission, Decision, Fact, HostClaim, Meta } from '@gantry/domain';

/** What a decider is told besides input and state. */
export interface DecideContext {
  readonly id: string;
  readonly meta: Meta;
  readonly admission: Admission;
}

/** A pure decider with what the machinery around it must know: which locks it needs, what it holds, when it wants to be woken. */
export interface Aggregate<S, F extends Fact, I> {
  readonly streamType: string;
  readonly initial: S;
  readonly evolve: (state: S, fact: F) => S;
  readonly decide: (input: I, state: S, context: DecideContext) => Decision<F>;
  /** Names locked beside the stream, because the decision may depend on what others hold of them. */
  readonly locksOf: (state: S) => readonly string[];
  readonly claimsOf: (state: S) => readonly HostClaim[];
  readonly wakeUpAt: (state: S, now: string) => string | undefined;
  /** Whether somebody else's release may let it go on. */
  readonly wantsPlace: (state: S) => boolean;
  /** Application and environment it occupies while it is active. */
  readonly slotOf: (
    state: S,
  ) => { readonly application: string; readonly environment: string } | undefined;
}
