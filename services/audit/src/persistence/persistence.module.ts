import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { PostgresEventLog } from '@gantry/event-log';
import { CONFIG, Log } from '@gantry/service-kit';
import { Pool } from 'pg';
import type { AuditConfig } from '../config.js';
import { PROJECTIONS } from '../projections/all-projections.js';
import { migrate, openPool } from './database.js';
import { ReadModelReader } from './read-model.reader.js';
import { ReadModelStore } from './read-model.store.js';

/** The database: the log, read only, and the read models. */
@Module({
  providers: [
    {
      provide: Pool,
      useFactory: async (config: AuditConfig, log: Log): Promise<Pool> => {
        await migrate(config);
        return openPool(config, (error) => log.warn('database connection lost', { error }));
      },
      inject: [CONFIG, Log],
    },
    {
      provide: PostgresEventLog,
      useFactory: (pool: Pool) => new PostgresEventLog({ pool }),
      inject: [Pool],
    },
    {
      provide: ReadModelStore,
      useFactory: (pool: Pool) => new ReadModelStore(pool, PROJECTIONS),
      inject: [Pool],
    },
    {
      provide: ReadModelReader,
      useFactory: (pool: Pool) => new ReadModelReader(pool),
      inject: [Pool],
    },
  ],
  exports: [PostgresEventLog, ReadModelStore, ReadModelReader],
})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(@Inject(Pool) private readonly pool: Pool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
