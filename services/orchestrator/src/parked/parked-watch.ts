import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { ServiceName } from '@gantry/contracts';
import { CONFIG, Log, parkedMessages } from '@gantry/service-kit';
import { AttentionDesk } from '../attention/attention-desk.js';
import { BusWatch } from '../bus/bus-watch.js';
import type { OrchestratorConfig } from '../config.js';
import { ActiveStreamsRepository } from '../persistence/active-streams.repository.js';
import { PARKING, parkedItem } from './parked-item.js';

/** The oldest so many of each service get an item; the next ones as these are settled. */
const AT_MOST = 50;

/**
 * Looks at what every service has parked, also one that is not there any more, and opens an attention item for each message.
 * An item whose message is gone, replayed or dropped by whomever, is closed.
 */
@Injectable()
export class ParkedWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(BusWatch) private readonly bus: BusWatch,
    @Inject(AttentionDesk) private readonly desk: AttentionDesk,
    @Inject(ActiveStreamsRepository) private readonly active: ActiveStreamsRepository,
    @Inject(Log) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.next();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.look().finally(() => this.next());
    }, this.config.GANTRY_PARKED_LOOK_MS);
  }

  private async look(): Promise<void> {
    if (!this.bus.up) return;
    try {
      const open = await this.active.notEndedBy('attention', ['attention.closed']);
      for (const service of PARKING) await this.lookAt(service, open);
    } catch (error) {
      this.log.warn('parked messages not looked at, trying again', { error });
    }
  }

  private async lookAt(service: ServiceName, open: readonly string[]): Promise<void> {
    if (this.stopped) return;
    const messages = await parkedMessages(this.config, service).list(AT_MOST);
    const items = messages.map((message) => parkedItem(service, message));
    const there = new Set(items.map(({ key }) => `attention-${key}`));
    for (const item of items)
      if (!open.includes(`attention-${item.key}`)) await this.desk.open(item);
    const gone = open.filter((s) => s.startsWith(`attention-parked.${service}.`) && !there.has(s));
    for (const stream of gone)
      await this.desk.close(stream.slice('attention-'.length), 'the message is parked no more');
  }
}
