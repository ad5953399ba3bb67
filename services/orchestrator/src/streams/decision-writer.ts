import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Decision, Fact, SideFact } from '@gantry/domain';
import { streamKey, type LogTransaction, type NewEvent, type StreamId } from '@gantry/event-log';
import { CLOCK, crashPoint, IDS, type Clock, type IdSource } from '@gantry/service-kit';
import { AllocationsRepository, type Allocations } from '../persistence/allocations.repository.js';
import type { Aggregate } from './aggregate.js';
import type { Cause } from './cause.js';
import { eventOf } from './event-of.js';
import { OnceMore, type Locked } from './locked.js';
import type { Outcome, Run } from './run.js';
import { sideFactsThatMatter, sideStreamOf } from './side-facts.js';
import type { Folded } from './stream-cache.js';
import { HEARD, type Heard } from './ports.js';
import { StreamFolder } from './stream-folder.js';

/** Nothing is to be written: the input had no effect, or was refused. */
export class NothingToWrite extends Error {
  constructor(readonly result: Outcome) {
    super('nothing to write');
  }
}

type Metadata = Parameters<typeof eventOf>[2];

/** What happens within one transaction: fold, decide, append, and bring claims, slot and timer to what follows from the state. */
@Injectable()
export class DecisionWriter {
  constructor(
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(AllocationsRepository) private readonly allocations: Allocations,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(HEARD) private readonly heard: Heard,
  ) {}

  /** The stream's new state. Leaves with NothingToWrite or OnceMore when there is nothing to write, or too little is locked. */
  async write<S, F extends Fact, I>(
    tx: LogTransaction,
    aggregate: Aggregate<S, F, I>,
    run: Run<I>,
    locked: Locked,
  ): Promise<Folded<S>> {
    const stream = { type: aggregate.streamType, id: run.id };
    const before = await this.streams.locked(tx, aggregate, run.id);
    locked.demand([], aggregate.locksOf(before.state));
    const input = run.prepare === undefined ? run.input : await run.prepare(tx);
    const { fence, admission } = await this.allocations.read(tx, streamKey(stream));
    const now = this.clock.now().toISOString();
    const meta = { now, fence, sha256, heardSince: this.heard.heardSince() };
    const context = { id: run.id, meta, admission };
    const { events, also } = accepted(aggregate.decide(input, before.state, context));
    locked.demand(also.map(sideStreamOf), []);
    const metadata = this.metadataOf(run.cause, before);
    const beside = await sideFactsThatMatter(tx, also);
    for (const { type } of events) crashPoint('appending', type);
    await tx.append(stream, before.version, this.eventsOf(events, metadata));
    await this.appendBeside(tx, beside, metadata);
    await this.allocations.stand(tx, streamKey(stream), events);
    const state = events.reduce(aggregate.evolve, before.state);
    await this.allocate(tx, aggregate, stream, { before: before.state, after: state, now });
    const { correlationId = metadata.correlationId, actor = metadata.actor } = before;
    return { state, version: before.version + events.length, correlationId, actor };
  }

  /** Streams the decision will probably write besides its own: deciding in the dry is cheaper than starting over. */
  predict<S, F extends Fact, I>(
    aggregate: Aggregate<S, F, I>,
    { id, input, prepare }: Run<I>,
    { state }: Folded<S>,
  ): readonly StreamId[] {
    if (prepare !== undefined) return [];
    const now = this.clock.now().toISOString();
    const meta = { now, fence: 0, sha256, heardSince: this.heard.heardSince() };
    const admission = { claimed: new Set<string>(), heldInPools: new Map(), runsOn: new Map() };
    const decision = aggregate.decide(input, state, { id, meta, admission });
    return decision.outcome === 'accepted' ? decision.also.map(sideStreamOf) : [];
  }

  private eventsOf(facts: readonly Fact[], metadata: Metadata): readonly NewEvent[] {
    return facts.map((fact) => eventOf(fact, this.ids.uuid(), metadata));
  }

  private async appendBeside(
    tx: LogTransaction,
    facts: readonly SideFact[],
    metadata: Metadata,
  ): Promise<void> {
    for (const fact of facts) {
      const side = sideStreamOf(fact);
      await tx.append(side, tx.version(side), this.eventsOf([fact], metadata));
    }
  }

  /** A host or a slot that somebody else owns by now means deciding again, with what the table says then. */
  private async allocate<S, F extends Fact, I>(
    tx: LogTransaction,
    aggregate: Aggregate<S, F, I>,
    stream: StreamId,
    { before, after, now }: { readonly before: S; readonly after: S; readonly now: string },
  ): Promise<void> {
    const key = streamKey(stream);
    const { allocations } = this;
    const [had, has] = [aggregate.claimsOf(before), aggregate.claimsOf(after)];
    if (!(await allocations.replaceClaims(tx, key, had, has))) throw new OnceMore();
    const [slot, next] = [aggregate.slotOf(before), aggregate.slotOf(after)];
    const moved = (slot === undefined) !== (next === undefined);
    if (moved && !(await allocations.replaceSlot(tx, key, next))) throw new OnceMore();
    const due = aggregate.wakeUpAt(after, now);
    if (due !== undefined || aggregate.wakeUpAt(before, now) !== undefined)
      await allocations.setTimer(tx, key, due, aggregate.wantsPlace(after));
  }

  private metadataOf(cause: Cause, before: Folded<unknown>): Metadata {
    const causationId = cause.messageId ?? this.ids.uuid();
    return {
      causationId,
      correlationId: cause.correlationId ?? before.correlationId ?? causationId,
      actor: cause.actor ?? before.actor ?? 'orchestrator',
    };
  }
}

function accepted<F>(decision: Decision<F>): Extract<Decision<F>, { outcome: 'accepted' }> {
  if (decision.outcome === 'accepted') return decision;
  throw new NothingToWrite(decision);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
