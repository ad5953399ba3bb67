import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Decision, Fact, Refusal } from '@gantry/domain';
import {
  ConcurrencyError,
  streamKey,
  type EventLog,
  type LogTransaction,
  type StreamId,
} from '@gantry/event-log';
import { CLOCK, IDS, type Clock, type IdSource } from '@gantry/service-kit';
import { AllocationsRepository } from '../persistence/allocations.repository.js';
import type { Aggregate } from './aggregate.js';
import { EVENT_LOG, WAKE, type Wake } from './ports.js';
import { eventOf, factOf } from './fact-of.js';
import { sideFactsThatMatter, sideStreamOf } from './side-facts.js';
import { StreamCache, type Folded } from './stream-cache.js';

/** Who and what caused an input. Without `messageId` (a timer) there is no inbox row: deciding twice is harmless. */
export interface Cause {
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly actor?: string;
}

/** One input to one stream. `prepare` may complete the input with what only the transaction can see. */
export interface Run<I> {
  readonly id: string;
  readonly input: I;
  readonly cause: Cause;
  readonly prepare?: (tx: LogTransaction) => Promise<I>;
  readonly streams?: readonly StreamId[];
  readonly locks?: readonly string[];
}

/** What became of an input. */
export type Outcome =
  | { readonly outcome: 'accepted' | 'duplicate' }
  | { readonly outcome: 'ignored'; readonly because: string }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

/** Leaves the transaction with nothing written. */
class NothingToWrite extends Error {
  constructor(readonly result: Outcome) {
    super('nothing to write');
  }
}

/** The transaction had locked too little, or somebody else was faster: once more, with these locks. */
class OnceMore extends Error {
  constructor(
    readonly streams: readonly StreamId[],
    readonly locks: readonly string[],
  ) {
    super('once more');
  }
}

const MAX_ROUNDS = 8;

/** Load, decide, append: one short transaction per input, with claims, slot and timer beside the events. No outside effect within it. */
@Injectable()
export class StreamRunner {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(AllocationsRepository) private readonly allocations: AllocationsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(WAKE) private readonly wake: Wake,
  ) {}

  private readonly cache = new StreamCache();

  /** The stream's state as of its last event. */
  async stateOf<S, F extends Fact, I>(
    aggregate: Aggregate<S, F, I>,
    id: string,
  ): Promise<Folded<S>> {
    return this.refold(aggregate, id, (from) =>
      this.log.readStream({ type: aggregate.streamType, id }, from),
    );
  }

  /** Takes the input to the stream; at most one event list follows from one message. */
  async run<S, F extends Fact, I>(aggregate: Aggregate<S, F, I>, run: Run<I>): Promise<Outcome> {
    const stream: StreamId = { type: aggregate.streamType, id: run.id };
    const known = await this.stateOf(aggregate, run.id);
    let streams = [stream, ...(run.streams ?? []), ...this.predict(aggregate, run, known)];
    let locks = [...(run.locks ?? []), ...aggregate.locksOf(known.state)];
    for (let round = 1; ; round++) {
      try {
        return await this.attempt(aggregate, run, stream, streams, locks);
      } catch (error) {
        if (error instanceof NothingToWrite) return error.result;
        const again = error instanceof OnceMore || error instanceof ConcurrencyError;
        if (!again || round >= MAX_ROUNDS) throw error;
        this.cache.forget(streamKey(stream));
        if (error instanceof OnceMore) {
          streams = [...streams, ...error.streams];
          locks = [...locks, ...error.locks];
        }
      }
    }
  }

  private async attempt<S, F extends Fact, I>(
    aggregate: Aggregate<S, F, I>,
    run: Run<I>,
    stream: StreamId,
    streams: readonly StreamId[],
    locks: readonly string[],
  ): Promise<Outcome> {
    const { messageId } = run.cause;
    const result = await this.log.transact({
      streams: unique(streams),
      locks: [...new Set(locks)],
      ...(messageId === undefined ? {} : { inbox: { consumer: 'orchestrator', messageId } }),
      work: (tx) => this.work(tx, aggregate, run, { stream, streams, locks }),
    });
    if (result.outcome === 'duplicate') return { outcome: 'duplicate' };
    this.cache.set(streamKey(stream), result.value.folded);
    this.wake.appended(result.value.due);
    return { outcome: 'accepted' };
  }

  private async work<S, F extends Fact, I>(
    tx: LogTransaction,
    aggregate: Aggregate<S, F, I>,
    run: Run<I>,
    held: {
      readonly stream: StreamId;
      readonly streams: readonly StreamId[];
      readonly locks: readonly string[];
    },
  ): Promise<{ readonly folded: Folded<S>; readonly due: string | undefined }> {
    const { stream } = held;
    const key = streamKey(stream);
    const before = await this.refold(aggregate, run.id, (from) =>
      tx.version(stream) < from ? Promise.resolve([]) : tx.load(stream, from),
    );
    const missing = aggregate.locksOf(before.state).filter((l) => !held.locks.includes(l));
    if (missing.length > 0) throw new OnceMore([], missing);
    const input = run.prepare === undefined ? run.input : await run.prepare(tx);
    const { fence, admission } = await this.allocations.read(tx, key);
    const now = this.clock.now().toISOString();
    const decision = aggregate.decide(input, before.state, {
      id: run.id,
      meta: { now, fence, sha256 },
      admission,
    });
    const { events, also } = accepted(decision);
    const unlocked = also
      .map(sideStreamOf)
      .filter((s) => !held.streams.some((h) => streamKey(h) === streamKey(s)));
    if (unlocked.length > 0) throw new OnceMore(unlocked, []);
    const cause = this.causeOf(run.cause, before);
    if (events.length > 0)
      await tx.append(
        stream,
        before.version,
        events.map((f) => eventOf(f, this.ids.uuid(), cause)),
      );
    for (const fact of await sideFactsThatMatter(tx, also)) {
      const side = sideStreamOf(fact);
      await tx.append(side, tx.version(side), [eventOf(fact, this.ids.uuid(), cause)]);
    }
    const state = events.reduce((s, f) => aggregate.evolve(s, f), before.state);
    const due = await this.allocate(tx, aggregate, key, before.state, state, now);
    return {
      folded: {
        state,
        version: before.version + events.length,
        correlationId: before.correlationId ?? cause.correlationId,
        actor: before.actor ?? cause.actor,
      },
      due,
    };
  }

  /** Claims, slot and timer follow from the state; a host that somebody else owns by now means deciding again. */
  private async allocate<S, F extends Fact, I>(
    tx: LogTransaction,
    aggregate: Aggregate<S, F, I>,
    key: string,
    before: S,
    after: S,
    now: string,
  ): Promise<string | undefined> {
    if (
      !(await this.allocations.replaceClaims(
        tx,
        key,
        aggregate.claimsOf(before),
        aggregate.claimsOf(after),
      ))
    ) {
      throw new OnceMore([], []);
    }
    const [slot, next] = [aggregate.slotOf(before), aggregate.slotOf(after)];
    if (
      (slot === undefined) !== (next === undefined) &&
      !(await this.allocations.replaceSlot(tx, key, next))
    ) {
      throw new OnceMore([], []);
    }
    const due = aggregate.wakeUpAt(after, now);
    if (due !== undefined || aggregate.wakeUpAt(before, now) !== undefined) {
      await this.allocations.setTimer(tx, key, due, aggregate.wantsPlace(after));
    }
    return due;
  }

  private causeOf(
    cause: Cause,
    before: Folded<unknown>,
  ): { correlationId: string; causationId: string; actor: string } {
    const causationId = cause.messageId ?? this.ids.uuid();
    return {
      causationId,
      correlationId: cause.correlationId ?? before.correlationId ?? causationId,
      actor: cause.actor ?? before.actor ?? 'orchestrator',
    };
  }

  /** Streams the decision will probably write besides its own: deciding in the dry is cheaper than starting over. */
  private predict<S, F extends Fact, I>(
    aggregate: Aggregate<S, F, I>,
    run: Run<I>,
    known: Folded<S>,
  ): readonly StreamId[] {
    if (run.prepare !== undefined) return [];
    const admission = { claimed: new Set<string>(), heldInPools: new Map(), runsOn: new Map() };
    const meta = { now: this.clock.now().toISOString(), fence: 0, sha256 };
    const decision = aggregate.decide(run.input, known.state, { id: run.id, meta, admission });
    return decision.outcome === 'accepted' ? decision.also.map(sideStreamOf) : [];
  }

  private async refold<S, F extends Fact, I>(
    aggregate: Aggregate<S, F, I>,
    id: string,
    read: (fromVersion: number) => Promise<readonly { readonly streamVersion: number }[]>,
  ): Promise<Folded<S>> {
    const key = streamKey({ type: aggregate.streamType, id });
    const known = this.cache.get<S>(key) ?? {
      state: aggregate.initial,
      version: 0,
      correlationId: undefined,
      actor: undefined,
    };
    const events = (await read(known.version + 1)) as Awaited<ReturnType<EventLog['readStream']>>;
    if (events.length === 0) return known;
    const first = known.version === 0 ? events[0] : undefined;
    const folded: Folded<S> = {
      state: events.reduce((s, e) => aggregate.evolve(s, factOf<F>(e)), known.state),
      version: events.at(-1)?.streamVersion ?? known.version,
      correlationId: known.correlationId ?? first?.metadata.correlationId,
      actor: known.actor ?? first?.metadata.actor,
    };
    this.cache.set(key, folded);
    return folded;
  }
}

function accepted<F>(decision: Decision<F>): Extract<Decision<F>, { outcome: 'accepted' }> {
  if (decision.outcome === 'accepted') return decision;
  throw new NothingToWrite(decision);
}

const unique = (streams: readonly StreamId[]): readonly StreamId[] => [
  ...new Map(streams.map((s) => [streamKey(s), s])).values(),
];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
