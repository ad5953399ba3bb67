import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { PostgresEventLog, urgently } from '@gantry/event-log';
import { CLOCK, CONFIG, HealthChecks, Log, Metrics, type Clock } from '@gantry/service-kit';
import type { Pool } from 'pg';
import type { OrchestratorConfig } from '../config.js';
import { CRASH_LEDGER, PostgresCrashLedger, type CrashLedger } from './crash-ledger.js';
import { EVENT_LOG } from '../streams/ports.js';
import { contractEventCodec } from '../streams/contract-event-codec.js';
import { openSafePool } from './database.js';
import { ActiveStreamsRepository } from './active-streams.repository.js';
import { HostStandingsRepository } from './host-standings.repository.js';
import { LogMarkRepository } from './log-mark.repository.js';
import { measurePool } from './pool-metrics.js';
import { RelayLagRepository } from './relay-lag.repository.js';
import { TimersRepository } from './timers.repository.js';

const POOL: unique symbol = Symbol('orchestrator.pool');

/** The database and what stands on it. */
@Module({
  providers: [
    {
      provide: POOL,
      useFactory: (config: OrchestratorConfig, log: Log) =>
        openSafePool(config, (error) => log.warn('database connection lost', { error })),
      inject: [CONFIG, Log],
    },
    {
      provide: EVENT_LOG,
      useFactory: (pool: Pool) => new PostgresEventLog({ pool, codec: contractEventCodec }),
      inject: [POOL],
    },
    {
      provide: TimersRepository,
      useFactory: (pool: Pool) => new TimersRepository(pool),
      inject: [POOL],
    },
    {
      provide: ActiveStreamsRepository,
      useFactory: (pool: Pool) => new ActiveStreamsRepository(pool),
      inject: [POOL],
    },
    {
      provide: CRASH_LEDGER,
      useFactory: (pool: Pool, clock: Clock, config: OrchestratorConfig) =>
        new PostgresCrashLedger(
          pool,
          () => clock.now().getTime(),
          config.GANTRY_QUARANTINE_DEATHS - 1,
        ),
      inject: [POOL, CLOCK, CONFIG],
    },
    {
      provide: HostStandingsRepository,
      useFactory: (pool: Pool) => new HostStandingsRepository(pool),
      inject: [POOL],
    },
    {
      provide: LogMarkRepository,
      useFactory: (pool: Pool) => new LogMarkRepository(pool),
      inject: [POOL],
    },
    {
      provide: RelayLagRepository,
      useFactory: (pool: Pool) => new RelayLagRepository(pool),
      inject: [POOL],
    },
  ],
  exports: [
    EVENT_LOG,
    TimersRepository,
    ActiveStreamsRepository,
    HostStandingsRepository,
    LogMarkRepository,
    RelayLagRepository,
    CRASH_LEDGER,
  ],
})
export class LogModule implements OnApplicationShutdown {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(CRASH_LEDGER) private readonly ledger: CrashLedger,
    @Inject(HealthChecks) health: HealthChecks,
    @Inject(Metrics) metrics: Metrics,
  ) {
    health.add('database', () => this.problem());
    measurePool(pool, metrics.registry);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ledger.end().catch(() => undefined);
    await this.pool.end();
  }

  private async problem(): Promise<string | undefined> {
    try {
      await urgently(() => this.pool.query('SELECT 1'));
      return undefined;
    } catch {
      return 'the database does not answer';
    }
  }
}
