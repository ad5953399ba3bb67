import { Inject, Injectable } from '@nestjs/common';
import type { Fact } from '@gantry/domain';
import { streamKey, type EventLog, type LogTransaction } from '@gantry/event-log';
import { CLOCK, type Clock } from '@gantry/service-kit';
import { AllocationsRepository, type Allocations } from '../persistence/allocations.repository.js';
import { HeldStreams } from '../quarantine/held-streams.js';
import type { Aggregate } from '../streams/aggregate.js';
import { deploymentAggregate } from '../streams/deployment.aggregate.js';
import { holdAggregate } from '../streams/hold.aggregate.js';
import { parseStream, type TimedStream } from '../streams/parse-stream.js';
import { EVENT_LOG } from '../streams/ports.js';
import { refreshAggregate } from '../streams/refresh.aggregate.js';
import { releaseAggregate } from '../streams/release.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';

/** What came of it. `contested` = another stream holds what this one must hold by the log: a person must look; `held` = nobody may touch it. */
export type Mended = 'as it was' | 'mended' | 'contested' | 'held';

/** Holds one stream's claims, slot and timer against its log, and writes what is missing or too much. */
@Injectable()
export class Mender {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(AllocationsRepository) private readonly allocations: Allocations,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(HeldStreams) private readonly held: HeldStreams,
  ) {}

  async mend(stream: TimedStream): Promise<Mended> {
    const worked = await this.held.working(streamKey(stream), 'mend', () => this.hold(stream));
    return 'held' in worked ? 'held' : worked.done;
  }

  private async hold(stream: TimedStream): Promise<Mended> {
    const result = await this.log.transact({
      streams: [stream],
      work: (tx) =>
        within(stream.type, {
          deployment: () => this.compare(tx, deploymentAggregate, stream),
          refresh: () => this.compare(tx, refreshAggregate, stream),
          release: () => this.compare(tx, releaseAggregate, stream),
          hold: () => this.compare(tx, holdAggregate, stream),
        }),
    });
    return result.outcome === 'committed' ? result.value : 'as it was';
  }

  /** Streams that must hold something by what this process last knew of them: only so is one found whose rows are all gone. */
  holdersAsKnown(): readonly string[] {
    return this.streams.known.filter((key) => {
      const stream = parseStream(key);
      if (stream === undefined) return false;
      return within(stream.type, {
        deployment: () => this.holds(deploymentAggregate, stream.id),
        refresh: () => this.holds(refreshAggregate, stream.id),
        release: () => this.holds(releaseAggregate, stream.id),
        hold: () => this.holds(holdAggregate, stream.id),
      });
    });
  }

  private holds<S, F extends Fact, I>(aggregate: Aggregate<S, F, I>, id: string): boolean {
    const state = this.streams.lastKnown(aggregate, id);
    if (state === undefined) return false;
    const due = aggregate.wakeUpAt(state, this.clock.now().toISOString());
    return due !== undefined || aggregate.slotOf(state) !== undefined;
  }

  private async compare<S, F extends Fact, I>(
    tx: LogTransaction,
    aggregate: Aggregate<S, F, I>,
    stream: TimedStream,
  ): Promise<Mended> {
    const key = streamKey(stream);
    const { state } = await this.streams.locked(tx, aggregate, stream.id);
    const held = await this.allocations.heldBy(tx, key);
    const due = aggregate.wakeUpAt(state, this.clock.now().toISOString());
    const claims = aggregate.claimsOf(state);
    const slot = aggregate.slotOf(state);
    const fits = [
      sameClaims(held.claims, claims),
      held.slot === (slot !== undefined),
      held.timer === (due !== undefined),
    ] as const;
    if (fits.every(Boolean)) return 'as it was';
    const claimed = await this.allocations.replaceClaims(tx, key, held.claims, claims);
    const placed = fits[1] || (await this.allocations.replaceSlot(tx, key, slot));
    if (!fits[2]) await this.allocations.setTimer(tx, key, due, aggregate.wantsPlace(state));
    return claimed && placed ? 'mended' : 'contested';
  }
}

/** What is to be done for the type of stream there is. */
const within = <T>(
  type: TimedStream['type'],
  each: Readonly<Record<TimedStream['type'], () => T>>,
): T => each[type]();

type Claims = readonly { readonly host: string; readonly epoch: number }[];

const sameClaims = (a: Claims, b: Claims): boolean => told(a) === told(b);

const told = (claims: Claims): string =>
  claims
    .map(({ host, epoch }) => `${host}#${epoch}`)
    .sort()
    .join();
