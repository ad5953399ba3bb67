import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PostgresEventLog } from '@gantry/event-log';
import { CLOCK, CONFIG, HealthChecks, Log, type Clock } from '@gantry/service-kit';
import type { AuditConfig } from './config.js';
import { FeedReader } from './feed/feed-reader.js';
import { ReadModelFollower } from './feed/read-model.follower.js';
import { Rebuild } from './feed/rebuild.js';
import { HintsController } from './messaging/hints.controller.js';
import { QueriesController } from './messaging/queries.controller.js';
import { PersistenceModule } from './persistence/persistence.module.js';
import { ReadModelReader } from './persistence/read-model.reader.js';
import { ReadModelStore } from './persistence/read-model.store.js';
import { HostPresenceBook } from './presence/host-presence.js';
import { LogQueries } from './queries/log.queries.js';
import { ReadModelQueries } from './queries/read-model.queries.js';
import { UpkeepQueries } from './queries/upkeep.queries.js';

/** Follows the log, keeps the read models, answers queries. */
@Module({
  imports: [PersistenceModule],
  controllers: [QueriesController, HintsController],
  providers: [
    {
      provide: HostPresenceBook,
      useFactory: (clock: Clock) => new HostPresenceBook(clock),
      inject: [CLOCK],
    },
    {
      provide: FeedReader,
      useFactory: (log: PostgresEventLog, store: ReadModelStore) => new FeedReader(log, store),
      inject: [PostgresEventLog, ReadModelStore],
    },
    {
      provide: ReadModelFollower,
      useFactory: (reader: FeedReader, store: ReadModelStore, log: Log, config: AuditConfig) =>
        new ReadModelFollower(reader, store, log, config.GANTRY_FEED_POLL_MS),
      inject: [FeedReader, ReadModelStore, Log, CONFIG],
    },
    {
      provide: Rebuild,
      useFactory: (reader: FeedReader, store: ReadModelStore, log: Log) =>
        new Rebuild(reader, store, log),
      inject: [FeedReader, ReadModelStore, Log],
    },
    {
      provide: ReadModelQueries,
      useFactory: (reader: ReadModelReader, presence: HostPresenceBook) =>
        new ReadModelQueries(reader, presence),
      inject: [ReadModelReader, HostPresenceBook],
    },
    {
      provide: LogQueries,
      useFactory: (log: PostgresEventLog) => new LogQueries(log),
      inject: [PostgresEventLog],
    },
    {
      provide: UpkeepQueries,
      useFactory: (
        store: ReadModelStore,
        reader: FeedReader,
        follower: ReadModelFollower,
        rebuild: Rebuild,
      ) => new UpkeepQueries(store, reader, follower, rebuild),
      inject: [ReadModelStore, FeedReader, ReadModelFollower, Rebuild],
    },
  ],
})
export class AuditModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    @Inject(ReadModelFollower) private readonly follower: ReadModelFollower,
    @Inject(HealthChecks) private readonly health: HealthChecks,
  ) {}

  onApplicationBootstrap(): void {
    this.health.add('read-models', () => this.follower.problem);
    this.follower.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.follower.stop();
  }
}
