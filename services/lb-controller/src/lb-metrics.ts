import { Counter, Gauge, type Registry } from 'prom-client';

/** What lb-controller counts. */
export class LbMetrics {
  readonly reasserted: Counter;
  readonly watched: Gauge;

  constructor(registry: Registry) {
    this.reasserted = new Counter({
      name: 'gantry_lb_reasserted_total',
      help: 'Times a host that was to be out was found in service and taken out again.',
      registers: [registry],
    });
    this.watched = new Gauge({
      name: 'gantry_lb_watched_hosts',
      help: 'Hosts that are out of service and watched to stay so.',
      registers: [registry],
    });
  }
}
