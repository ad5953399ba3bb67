import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What became of a delivery. */
export type DeliveryOutcome = 'handled' | 'parked' | 'retried' | 'refused';

/** The service's metrics; add your own with `registers: [metrics.registry]`. */
export class Metrics {
  readonly registry = new Registry();

  private readonly deliveries = new Counter({
    name: 'gantry_deliveries_total',
    help: 'Messages taken from the broker, by type and by what became of them.',
    labelNames: ['type', 'outcome'] as const,
    registers: [this.registry],
  });

  private readonly durations = new Histogram({
    name: 'gantry_handler_seconds',
    help: 'Time a handler took, failures included.',
    labelNames: ['type'] as const,
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.registry],
  });

  private readonly publications = new Counter({
    name: 'gantry_publications_total',
    help: 'Messages the broker confirmed, by type.',
    labelNames: ['type'] as const,
    registers: [this.registry],
  });

  private readonly oldBroker = new Gauge({
    name: 'gantry_broker_below_floor',
    help: '1 while the broker is of a version with known holes in its rights.',
    registers: [this.registry],
  });

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts one delivery. */
  delivered(type: string, outcome: DeliveryOutcome): void {
    this.deliveries.inc({ type, outcome });
  }

  /** Records how long a handler took. */
  took(type: string, seconds: number): void {
    this.durations.observe({ type }, seconds);
  }

  /** Counts one confirmed publication. */
  published(type: string): void {
    this.publications.inc({ type });
  }

  /** Notes whether the broker's version is one with known holes. */
  brokerTooOld(yes: boolean): void {
    this.oldBroker.set(yes ? 1 : 0);
  }
}
