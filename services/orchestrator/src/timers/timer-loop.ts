import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CONFIG, Log } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import { BusWatch } from '../bus/bus-watch.js';
import { DeploymentInputHandler } from '../handlers/deployment-input.handler.js';
import { TimersRepository, type Timers } from '../persistence/timers.repository.js';

const AT_ONCE = 50;
const PUSH_BACK_MS = 2_000;

/** Fires due timers: each stream has at most one, kept in the database, so that a restart or another replica goes on. */
@Injectable()
export class TimerLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(TimersRepository) private readonly timers: Timers,
    @Inject(DeploymentInputHandler) private readonly handler: DeploymentInputHandler,
    @Inject(BusWatch) private readonly bus: BusWatch,
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
      this.running = this.fire().finally(() => this.next());
    }, this.config.GANTRY_TIMER_POLL_MS);
  }

  /** Fires what is due now. While messages do not travel nothing is: no silence is an answer then. */
  async fire(): Promise<void> {
    if (!this.bus.up) return;
    try {
      const due = await this.timers.takeDue(AT_ONCE, PUSH_BACK_MS);
      await Promise.all(due.map((stream) => this.tick(stream)));
    } catch (error) {
      this.log.warn('timers not read, trying again', { error });
    }
  }

  /** A stream that cannot be ticked keeps its timer: it comes again after the push-back, and the others go on. */
  private async tick(stream: string): Promise<void> {
    try {
      await this.handler.tick(stream);
    } catch (error) {
      this.log.error('timer failed, trying again', { stream, error });
    }
  }
}
