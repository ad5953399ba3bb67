import { Inject, Injectable } from '@nestjs/common';
import type { AttentionOpened, DataOf } from '@gantry/contracts';
import { CLOCK, type Clock, Log, Repeated } from '@gantry/service-kit';
import { AttentionDesk } from '../attention/attention-desk.js';
import { BusWatch, type BusState } from './bus-watch.js';

const LOOK_MS = 1_000;
/** A connection that comes back by itself before this is nobody's concern. */
const ALARMING_MS = 10_000;

type Outage = Exclude<BusState, { kind: 'up' }>;

/**
 * One attention item for an outage of the bus, however many deployments it holds up. It is closed by a replica whose own
 * connection came back, not by one that never lost it: that one knows nothing of the other's.
 */
@Injectable()
export class OutageItems extends Repeated {
  /** What was last told; a replica that starts does not know what its predecessor left open. */
  private told: Outage['kind'] | 'unknown' | 'nothing' = 'unknown';

  constructor(
    @Inject(BusWatch) private readonly bus: BusWatch,
    @Inject(AttentionDesk) private readonly desk: AttentionDesk,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: LOOK_MS, failure: 'the outage could not be told' });
  }

  /** Opens or closes the item, by what is known of the bus now. */
  protected async once(): Promise<void> {
    const { state } = this.bus;
    if (state.kind === 'up') await this.over();
    else if (this.told !== state.kind && this.lasts(state)) await this.begun(state);
  }

  private lasts({ since }: Outage): boolean {
    return this.clock.now().getTime() - Date.parse(since) >= ALARMING_MS;
  }

  private async begun(outage: Outage): Promise<void> {
    await this.desk.open(ITEMS[outage.kind](outage));
    this.told = outage.kind;
  }

  private async over(): Promise<void> {
    if (this.told === 'nothing') return;
    for (const { key } of [BROKER, STUCK]) await this.desk.close(key, 'messages travel again');
    this.told = 'nothing';
  }
}

const BROKER = { key: 'bus.broker-unreachable', kind: 'broker-unreachable' } as const;
const STUCK = { key: 'bus.events-not-published', kind: 'events-not-published' } as const;

const ITEMS: Readonly<Record<Outage['kind'], (o: Outage) => DataOf<typeof AttentionOpened>>> = {
  disconnected: ({ since, because }) => ({
    ...BROKER,
    title: 'The message broker cannot be reached',
    detail: `since ${since}: ${because}. Nothing is asked of hosts and load balancers; hosts that are out stay out, and no silence is taken for a failure.`,
    todo: 'Bring the broker back; everything goes on by itself.',
  }),
  stuck: ({ since, because }) => ({
    ...STUCK,
    title: 'Events are recorded but not published',
    detail: `since ${since}: ${because}. The broker takes no messages (memory or disk full?), or no orchestrator leads the relay.`,
    todo: 'Look at the readiness of the orchestrators (relay) and at the limits of the broker; everything goes on by itself.',
  }),
};
