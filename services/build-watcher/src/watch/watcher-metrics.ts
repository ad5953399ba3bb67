import { Counter, Gauge, type Registry } from 'prom-client';

/** What build-watcher counts, by repository. */
export class WatcherMetrics {
  private readonly lastRead: Gauge<'repository'>;
  private readonly failures: Counter<'repository'>;

  constructor(registry: Registry) {
    const common = { labelNames: ['repository'] as const, registers: [registry] };
    this.lastRead = new Gauge({
      name: 'gantry_repository_last_read_seconds',
      help: 'When the repository was last read whole, in seconds since 1970.',
      ...common,
    });
    this.failures = new Counter({
      name: 'gantry_repository_failures_total',
      help: 'Looks at the repository that ended without a whole state of it.',
      ...common,
    });
  }

  read(repository: string): void {
    this.lastRead.setToCurrentTime({ repository });
  }

  failed(repository: string): void {
    this.failures.inc({ repository });
  }
}
