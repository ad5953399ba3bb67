import { BROKER_FLOOR, brokerBelowFloor } from '@gantry/contracts';
import type { Log } from '../logging/log.js';
import type { Metrics } from '../metrics/metrics.js';

/** Says, once for each version, that the broker is older than those without known holes. */
export class BrokerVersion {
  private told: string | undefined;

  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** Takes what a broker called itself when it let us in. */
  heard(server: string | undefined): void {
    const below = brokerBelowFloor(server) ?? false;
    this.metrics.brokerTooOld(below);
    if (!below || this.told === server) return;
    this.told = server;
    this.log.warn('broker older than it should be: its table of rights can be got around', {
      server,
      wanted: BROKER_FLOOR.join(' or '),
    });
  }
}
