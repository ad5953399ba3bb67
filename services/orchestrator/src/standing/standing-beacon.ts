import { Inject, Injectable } from '@nestjs/common';
import { LB_STANDING_TOPIC, LbStanding } from '@gantry/contracts';
import { BUS, Log, Repeated, type MessageBus } from '@gantry/service-kit';
import {
  HostStandingsRepository,
  type HostStandings,
} from '../persistence/host-standings.repository.js';

const EVERY_MS = 2_000;

/**
 * Tells every lb-controller what the log says of hosts: which request about a host is the newest, and who is to be out. An
 * lb-controller has no memory of its own to lose, and one that slept learns what it missed before it touches anything.
 */
@Injectable()
export class StandingBeacon extends Repeated {
  constructor(
    @Inject(HostStandingsRepository) private readonly standings: HostStandings,
    @Inject(BUS) private readonly bus: Pick<MessageBus, 'publish'>,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: EVERY_MS, failure: 'standing of hosts not told' });
  }

  protected async once(): Promise<void> {
    const hosts = [...(await this.standings.lately())];
    const options = { destination: LB_STANDING_TOPIC, persistent: false };
    await this.bus.publish(LbStanding, { hosts }, options);
  }
}
