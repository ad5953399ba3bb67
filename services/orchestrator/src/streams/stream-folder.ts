import { Inject, Injectable } from '@nestjs/common';
import type { Fact } from '@gantry/domain';
import {
  streamKey,
  type EventLog,
  type LogTransaction,
  type RecordedEvent,
} from '@gantry/event-log';
import type { Aggregate } from './aggregate.js';
import { foldEvents } from './fold-events.js';
import { EVENT_LOG } from './ports.js';
import { StreamCache, type Folded } from './stream-cache.js';

/** States of streams: what was folded before, and the events since. */
@Injectable()
export class StreamFolder {
  private readonly cache = new StreamCache();

  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** The stream as of its last event, read without a lock. */
  latest<S, F extends Fact, I>(aggregate: Aggregate<S, F, I>, id: string): Promise<Folded<S>> {
    const stream = { type: aggregate.streamType, id };
    return this.fold(aggregate, id, (from) => this.log.readStream(stream, from));
  }

  /** The stream as the transaction sees it under its lock. */
  locked<S, F extends Fact, I>(
    tx: LogTransaction,
    aggregate: Aggregate<S, F, I>,
    id: string,
  ): Promise<Folded<S>> {
    const stream = { type: aggregate.streamType, id };
    return this.fold(aggregate, id, async (from) =>
      tx.version(stream) < from ? [] : tx.load(stream, from),
    );
  }

  /** Keeps a state that was just committed. */
  keep<S, F extends Fact, I>(aggregate: Aggregate<S, F, I>, id: string, folded: Folded<S>): void {
    this.cache.set(streamKey({ type: aggregate.streamType, id }), folded);
  }

  /** Keys of the streams this process has lately seen to. */
  get known(): readonly string[] {
    return this.cache.keys();
  }

  /** The stream as this process last saw it; others may have gone on since. */
  lastKnown<S, F extends Fact, I>(aggregate: Aggregate<S, F, I>, id: string): S | undefined {
    return this.cache.get<S>(streamKey({ type: aggregate.streamType, id }))?.state;
  }

  /** The log says something else than what was kept. */
  forget<S, F extends Fact, I>(aggregate: Aggregate<S, F, I>, id: string): void {
    this.cache.forget(streamKey({ type: aggregate.streamType, id }));
  }

  private async fold<S, F extends Fact, I>(
    aggregate: Aggregate<S, F, I>,
    id: string,
    read: (fromVersion: number) => Promise<readonly RecordedEvent[]>,
  ): Promise<Folded<S>> {
    const key = streamKey({ type: aggregate.streamType, id });
    const known = this.cache.get<S>(key) ?? nothing(aggregate.initial);
    const events = await read(known.version + 1);
    const [first] = known.version === 0 ? events : [];
    const last = events.at(-1);
    if (last === undefined) return known;
    const folded: Folded<S> = {
      state: foldEvents(events, aggregate.evolve, known.state),
      version: last.streamVersion,
      correlationId: known.correlationId ?? first?.metadata.correlationId,
      actor: known.actor ?? first?.metadata.actor,
    };
    this.cache.set(key, folded);
    return folded;
  }
}

const nothing = <S>(initial: S): Folded<S> => ({
  state: initial,
  version: 0,
  correlationId: undefined,
  actor: undefined,
});
