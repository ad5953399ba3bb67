import { Counter, type Registry } from 'prom-client';

/** What lb-controller counts. */
export class LbMetrics {
  readonly reasserted: Counter;

  constructor(registry: Registry) {
    this.reasserted = new Counter({
      name: 'gantry_lb_reasserted_total',
      help: 'Times a host that was to be out was found in service and taken out again.',
      registers: [registry],
    });
  }
}
