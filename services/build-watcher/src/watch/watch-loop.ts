import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { BUS, CONFIG, Log, type MessageBus } from '@gantry/service-kit';
import { openRepository } from '../adapters/open-repository.js';
import type { BuildWatcherConfig, RepositoryConfig } from '../config.js';
import { RepositoryView } from '../metadata/repository-view.js';
import { RepositoryWatcher } from './repository-watcher.js';
import { WatcherMetrics } from './watcher-metrics.js';

/** Looks at every repository at its own pace, until the service stops. */
@Injectable()
export class WatchLoop implements OnModuleInit, OnModuleDestroy {
  private readonly ending = new AbortController();
  private loops: readonly Promise<void>[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: BuildWatcherConfig,
    @Inject(BUS) private readonly bus: MessageBus,
    private readonly log: Log,
    private readonly metrics: WatcherMetrics,
  ) {}

  onModuleInit(): void {
    this.loops = this.config.GANTRY_REPOSITORIES.map((repository) => this.loop(repository));
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.loops);
  }

  private async loop({ name, url, packages, pollMs }: RepositoryConfig): Promise<void> {
    const { bus, log, metrics } = this;
    const files = openRepository(url);
    const view = new RepositoryView({ repository: name, packages: new Set(packages), files });
    const watcher = new RepositoryWatcher({ repository: name, view, files, bus, log, metrics });
    let forgetAt = performance.now() + this.config.GANTRY_REANNOUNCE_MS;
    while (!this.ending.signal.aborted) {
      await this.lookOnce(name, watcher);
      if (performance.now() >= forgetAt) {
        watcher.forget();
        forgetAt = performance.now() + this.config.GANTRY_REANNOUNCE_MS;
      }
      await delay(pollMs, undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
  }

  private async lookOnce(repository: string, watcher: RepositoryWatcher): Promise<void> {
    try {
      await watcher.look();
    } catch (error) {
      this.log.error('the look at a repository failed', { repository, error });
    }
  }
}
