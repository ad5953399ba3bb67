import { Inject, Injectable } from '@nestjs/common';
import type { ServiceName } from '@gantry/contracts';
import { CONFIG, Log, parkedMessages, Repeated } from '@gantry/service-kit';
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
export class ParkedWatch extends Repeated {
  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(BusWatch) private readonly bus: BusWatch,
    @Inject(AttentionDesk) private readonly desk: AttentionDesk,
    @Inject(ActiveStreamsRepository) private readonly active: ActiveStreamsRepository,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: config.GANTRY_PARKED_LOOK_MS, failure: 'parked messages not looked at' });
  }

  protected async once(): Promise<void> {
    if (!this.bus.up) return;
    const open = await this.active.notEndedBy('attention', ['attention.closed']);
    for (const service of PARKING) await this.lookAt(service, open);
  }

  private async lookAt(service: ServiceName, open: readonly string[]): Promise<void> {
    if (this.stopping) return;
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
