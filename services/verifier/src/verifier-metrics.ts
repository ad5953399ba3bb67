import type { GateKind } from '@gantry/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the verifier counts, by kind of gate. */
export class VerifierMetrics {
  private readonly runs: Counter<'kind' | 'verdict'>;
  private readonly running: Gauge<'kind'>;
  private readonly seconds: Histogram<'kind'>;

  constructor(registry: Registry) {
    this.runs = new Counter({
      name: 'gantry_gate_runs_total',
      help: 'Gates that were run, by verdict.',
      labelNames: ['kind', 'verdict'] as const,
      registers: [registry],
    });
    this.running = new Gauge({
      name: 'gantry_gates_running',
      help: 'Gates that run now.',
      labelNames: ['kind'] as const,
      registers: [registry],
    });
    this.seconds = new Histogram({
      name: 'gantry_gate_seconds',
      help: 'Time a gate took, without waiting for its turn.',
      labelNames: ['kind'] as const,
      buckets: [0.1, 1, 5, 15, 60, 300, 900, 3_600],
      registers: [registry],
    });
  }

  began(kind: GateKind): void {
    this.running.inc({ kind });
  }

  ended(kind: GateKind, seconds: number): void {
    this.running.dec({ kind });
    this.seconds.observe({ kind }, seconds);
  }

  told(kind: GateKind, verdict: string): void {
    this.runs.inc({ kind, verdict });
  }
}
