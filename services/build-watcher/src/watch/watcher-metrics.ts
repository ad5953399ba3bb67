import { Counter, Gauge, type Registry } from 'prom-client';

/** What build-watcher counts, by repository. */
export class WatcherMetrics {
  private readonly lastRead: Gauge<'repository'>;
  private readonly stale: Gauge<'repository'>;
  private readonly builds: Gauge<'repository'>;
  private readonly packages: Gauge<'repository'>;
  private readonly failures: Counter<'repository' | 'code'>;
  private readonly refused: Gauge<'repository'>;
  private readonly gone: Counter<'repository'>;
  private readonly readSeconds: Gauge<'repository'>;

  constructor(registry: Registry) {
    const gauge = (name: string, help: string) =>
      new Gauge({ name, help, labelNames: ['repository'] as const, registers: [registry] });
    this.lastRead = gauge(
      'gantry_repository_last_read_seconds',
      'When the repository was last seen whole, in seconds since 1970.',
    );
    this.stale = gauge(
      'gantry_repository_stale',
      '1 while the last look failed and an earlier view stands.',
    );
    this.builds = gauge('gantry_repository_builds', 'Builds of watched packages it lists.');
    this.packages = gauge('gantry_repository_packages', 'Packages it lists, of any name.');
    this.refused = gauge(
      'gantry_repository_refused_packages',
      'Entries of watched packages that cannot be used.',
    );
    this.readSeconds = gauge('gantry_repository_look_seconds', 'How long the last look took.');
    const counter = { labelNames: ['repository'] as const, registers: [registry] };
    this.gone = new Counter({
      name: 'gantry_repository_gone_builds_total',
      help: 'Builds that a newer state of the repository did not list any more.',
      ...counter,
    });
    this.failures = new Counter({
      name: 'gantry_repository_failures_total',
      help: 'Looks at the repository that ended without a whole state of it, by the code of the error.',
      labelNames: ['repository', 'code'] as const,
      registers: [registry],
    });
  }

  read(repository: string, listing: { packages: number; builds: number; refused: number }): void {
    this.lastRead.setToCurrentTime({ repository });
    this.stale.set({ repository }, 0);
    this.packages.set({ repository }, listing.packages);
    this.builds.set({ repository }, listing.builds);
    this.refused.set({ repository }, listing.refused);
  }

  failed(repository: string, code: string): void {
    this.stale.set({ repository }, 1);
    this.failures.inc({ repository, code });
  }

  wentAway(repository: string, builds: number): void {
    this.gone.inc({ repository }, builds);
  }

  took(repository: string, ms: number): void {
    this.readSeconds.set({ repository }, ms / 1_000);
  }
}
