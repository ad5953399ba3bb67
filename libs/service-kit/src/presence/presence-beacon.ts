import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_PRESENCE_TOPIC, ServicePresence, type FailedCheck } from '@gantry/contracts';
import { IDENTITY, type Identity } from '../config/config.token.js';
import { HealthChecks } from '../health/health-checks.js';
import { Log } from '../logging/log.js';
import { BUS, type MessageBus } from '../messaging/bus.port.js';
import { CLOCK, type Clock } from '../time/clock.port.js';
import { Repeated } from '../time/repeated.js';

const EVERY_MS = 5_000;

/** Tells whoever listens that the service lives and whether it can do its work. Without the broker nobody can hear it. */
@Injectable()
export class PresenceBeacon extends Repeated {
  private readonly startedAt: string;

  constructor(
    @Inject(BUS) private readonly bus: MessageBus,
    @Inject(HealthChecks) private readonly health: HealthChecks,
    @Inject(IDENTITY) private readonly identity: Identity,
    @Inject(CLOCK) clock: Clock,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: EVERY_MS, failure: 'presence not told' });
    this.startedAt = clock.now().toISOString();
  }

  /** At once: who waits for a service to be back should not wait for its next turn. */
  override async onApplicationBootstrap(): Promise<void> {
    await this.now();
    this.next();
  }

  protected async once(): Promise<void> {
    if ((await this.health.ask('broker')) !== undefined) return;
    const { service, instance } = this.identity;
    const { checks } = await this.health.read();
    const failing = Object.entries(checks).flatMap(([check, reason]): FailedCheck[] =>
      reason === 'ok' ? [] : [{ check, reason: reason.slice(0, 500) }],
    );
    const { startedAt } = this;
    await this.bus.publish(
      ServicePresence,
      { service, instance, startedAt, failing },
      { destination: SERVICE_PRESENCE_TOPIC, persistent: false },
    );
  }
}
