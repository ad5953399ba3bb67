import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, Log, Repeated } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import {
  ActiveStreamsRepository,
  type ActiveStreams,
} from '../persistence/active-streams.repository.js';
import { Restored } from '../restored/restored.js';
import { RELEASE_ENDS } from '../releases/release-sight.js';
import { DEPLOYMENT_ENDS } from '../streams/deployment.aggregate.js';
import { parseStream } from '../streams/parse-stream.js';
import { Mender } from './mender.js';

/**
 * Claims, slots and timers follow from the log. Before the first message is taken they are held against it and mended; after
 * that, now and then, those of everybody who holds anything: a deployment whose rows were lost would never be woken again.
 */
@Injectable()
export class Rebuild extends Repeated implements OnModuleInit {
  constructor(
    @Inject(CONFIG) config: OrchestratorConfig,
    @Inject(ActiveStreamsRepository) private readonly active: ActiveStreams,
    @Inject(Mender) private readonly mender: Mender,
    @Inject(Restored) private readonly restored: Pick<Restored, 'begin'>,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: config.GANTRY_MEND_MS, failure: 'claims and timers not looked at' });
  }

  async onModuleInit(): Promise<void> {
    await this.restored.begin();
    const [deployments, refreshes, releases, holds, holders] = await Promise.all([
      this.active.notEndedBy('deployment', DEPLOYMENT_ENDS),
      this.active.notEndedBy('refresh', ['refresh.completed']),
      this.active.notEndedBy('release', RELEASE_ENDS),
      this.active.notEndedBy('hold', ['hold.lifted', 'hold.expired']),
      this.active.holders(),
    ]);
    for (const stream of new Set([...deployments, ...refreshes, ...releases, ...holds, ...holders]))
      await this.mend(stream);
  }

  /** Holds everything against the log once. */
  protected async once(): Promise<void> {
    const holders = await this.active.holders();
    for (const stream of new Set([...holders, ...this.mender.holdersAsKnown()]))
      await this.mend(stream);
  }

  private async mend(key: string): Promise<void> {
    const stream = parseStream(key);
    if (stream === undefined) return;
    const mended = await this.mender.mend(stream);
    if (mended === 'mended') this.log.warn('claims and timer mended from the log', { stream: key });
    if (mended === 'contested')
      this.log.error('another stream holds what this one holds by the log', { stream: key });
  }
}
