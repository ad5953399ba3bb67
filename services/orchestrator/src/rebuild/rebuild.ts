import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { isTerminal, TRANSITIONS } from '@gantry/domain';
import { CONFIG, Log } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import {
  ActiveStreamsRepository,
  type ActiveStreams,
} from '../persistence/active-streams.repository.js';
import { parseStream } from '../streams/parse-stream.js';
import { Mender } from './mender.js';

const DEPLOYMENT_ENDS = Object.keys(TRANSITIONS)
  .filter((status) => isTerminal(status as keyof typeof TRANSITIONS))
  .map((status) => `deployment.${status}`);

/**
 * Claims, slots and timers follow from the log. Before the first message is taken they are held against it and mended; after
 * that, now and then, those of everybody who holds anything: a deployment whose rows were lost would never be woken again.
 */
@Injectable()
export class Rebuild implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(ActiveStreamsRepository) private readonly active: ActiveStreams,
    @Inject(Mender) private readonly mender: Mender,
    @Inject(Log) private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    const [deployments, refreshes, holders] = await Promise.all([
      this.active.notEndedBy('deployment', DEPLOYMENT_ENDS),
      this.active.notEndedBy('refresh', ['refresh.completed']),
      this.active.holders(),
    ]);
    for (const stream of new Set([...deployments, ...refreshes, ...holders]))
      await this.mend(stream);
  }

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
    }, this.config.GANTRY_MEND_MS);
  }

  /** Holds everything against the log once. */
  async look(): Promise<void> {
    try {
      const holders = await this.active.holders();
      for (const stream of new Set([...holders, ...this.mender.holdersAsKnown()]))
        await this.mend(stream);
    } catch (error) {
      this.log.warn('claims and timers not looked at, trying again', { error });
    }
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
