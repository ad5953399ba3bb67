import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, Log, Repeated } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import {
  HostStandingsRepository,
  type HostStandings,
} from '../persistence/host-standings.repository.js';

/** Where hosts stand follows from the log: a table that is new, or was emptied, is filled from it. */
@Injectable()
export class StandingKeeper extends Repeated implements OnModuleInit {
  constructor(
    @Inject(CONFIG) config: Pick<OrchestratorConfig, 'GANTRY_MEND_MS'>,
    @Inject(HostStandingsRepository) private readonly standings: Pick<HostStandings, 'refill'>,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: config.GANTRY_MEND_MS, failure: 'standing of hosts not looked at' });
  }

  /** Before the first message is taken. */
  onModuleInit(): Promise<void> {
    return this.once();
  }

  protected once(): Promise<void> {
    return this.standings.refill();
  }
}
