import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Relay, type RecordedEvent } from '@gantry/event-log';
import { BUS, CONFIG, HealthChecks, Log, type MessageBus } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import { contractEventCodec } from '../streams/contract-event-codec.js';
import type { Wake } from '../streams/ports.js';
import { publicationsOf } from './event-routing.js';

/** Failures in a row before readiness says that nothing gets out. */
const ALARMING_FAILURES = 3;

/** Publishes what was committed: every event to the log's readers, every request to whoever carries it out. */
@Injectable()
export class LogRelay implements OnApplicationBootstrap, OnApplicationShutdown, Wake {
  private readonly relay: Relay;

  constructor(
    @Inject(CONFIG) config: OrchestratorConfig,
    @Inject(BUS) private readonly bus: MessageBus,
    @Inject(Log) log: Log,
    @Inject(HealthChecks) health: HealthChecks,
  ) {
    this.relay = new Relay({
      url: config.GANTRY_DATABASE_URL,
      codec: contractEventCodec,
      // The publisher keeps the order of its calls.
      maxUnconfirmed: 3,
      publish: (events) => this.publish(events),
      onError: (error) => log.warn('relay failed, trying again', { error }),
    });
    health.add('relay', () => {
      const { failures, lastError } = this.relay.status();
      return failures >= ALARMING_FAILURES
        ? `events are not published: ${lastError ?? 'unknown reason'}`
        : undefined;
    });
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.relay.stop();
  }

  appended(): void {
    this.relay.wake();
  }

  /** All of a batch at once: the publisher keeps their order on its one connection, and each has its own receipt. */
  private async publish(events: readonly RecordedEvent[]): Promise<void> {
    const publications = events.flatMap(publicationsOf);
    await Promise.all(
      publications.map(({ message, destination, group }) =>
        this.bus.forward(message, { destination, group }),
      ),
    );
  }
}
