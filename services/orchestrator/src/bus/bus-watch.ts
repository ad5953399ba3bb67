import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock, HealthChecks, Log, Repeated } from '@gantry/service-kit';
import { RelayLagRepository, type RelayLag } from '../persistence/relay-lag.repository.js';

const LOOK_MS = 250;
const LAG_LOOK_MS = 2_500;
/** Events that wait longer than this to be published are not on their way: the broker takes nothing, or nobody publishes. */
const STUCK_MS = 15_000;

/** Whether messages travel, since when, and if not, why. */
export type BusState =
  | { readonly kind: 'up'; readonly since: string }
  | { readonly kind: 'disconnected' | 'stuck'; readonly since: string; readonly because: string };

/**
 * Whether messages travel: the connections to the broker stand, and what was committed gets published. While they do not,
 * no silence is an answer and no timer is fired here: a replica that is connected takes the timers, or nobody does.
 */
@Injectable()
export class BusWatch extends Repeated {
  private current: BusState;
  private lag = { readAt: 0, oldestMs: 0 };

  constructor(
    @Inject(HealthChecks) private readonly health: HealthChecks,
    @Inject(RelayLagRepository) private readonly relay: RelayLag,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: LOOK_MS, failure: 'the broker not looked at' });
    this.current = { kind: 'disconnected', since: this.time(), because: 'not connected yet' };
  }

  get state(): BusState {
    return this.current;
  }

  get up(): boolean {
    return this.current.kind === 'up';
  }

  /** What was asked before this may never have arrived. */
  heardSince(): string {
    return this.current.kind === 'up' ? this.current.since : this.time();
  }

  /** Looks once. */
  protected async once(): Promise<void> {
    const disconnected = await this.health.ask('broker');
    if (disconnected === undefined) await this.readLag();
    this.change(this.found(disconnected));
  }

  private found(disconnected: string | undefined): Pick<BusState, 'kind'> & { because: string } {
    if (disconnected !== undefined) return { kind: 'disconnected', because: disconnected };
    const { oldestMs } = this.lag;
    if (oldestMs <= STUCK_MS) return { kind: 'up', because: '' };
    const because = `an event has waited for ${Math.round(oldestMs / 1_000)} s to be published`;
    return { kind: 'stuck', because };
  }

  private change({ kind, because }: Pick<BusState, 'kind'> & { because: string }): void {
    if (kind === this.current.kind) return;
    const since = this.time();
    this.current = kind === 'up' ? { kind, since } : { kind, since, because };
    if (kind === 'up') this.log.log('messages travel', {});
    else this.log.warn('messages do not travel: silence is no answer, timers wait', { because });
  }

  /** Without the database nobody knows; what was known stays, for nothing can be decided then. */
  private async readLag(): Promise<void> {
    const now = this.clock.now().getTime();
    if (now - this.lag.readAt < LAG_LOOK_MS) return;
    try {
      this.lag = { readAt: now, oldestMs: await this.relay.oldestAgeMs() };
    } catch (error) {
      this.lag = { ...this.lag, readAt: now };
      this.log.debug('relay lag not read', { error });
    }
  }

  private time(): string {
    return this.clock.now().toISOString();
  }
}
