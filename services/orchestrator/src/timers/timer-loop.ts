import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Log, Repeated } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import { BusWatch } from '../bus/bus-watch.js';
import { TimerTicks } from './timer-ticks.js';
import { TimersRepository, type Timers } from '../persistence/timers.repository.js';

const AT_ONCE = 50;
const PUSH_BACK_MS = 2_000;

/** Fires due timers: each stream has at most one, kept in the database, so that a restart or another replica goes on. */
@Injectable()
export class TimerLoop extends Repeated {
  constructor(
    @Inject(CONFIG) config: OrchestratorConfig,
    @Inject(TimersRepository) private readonly timers: Timers,
    @Inject(TimerTicks) private readonly ticks: TimerTicks,
    @Inject(BusWatch) private readonly bus: BusWatch,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: config.GANTRY_TIMER_POLL_MS, failure: 'timers not read' });
  }

  /** Fires what is due now. While messages do not travel nothing is: no silence is an answer then. */
  protected async once(): Promise<void> {
    if (!this.bus.up) return;
    const due = await this.timers.takeDue(AT_ONCE, PUSH_BACK_MS);
    await Promise.all(due.map((stream) => this.ticks.tick(stream)));
  }
}
