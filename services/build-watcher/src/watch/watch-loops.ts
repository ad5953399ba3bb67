import { join } from 'node:path';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { BUS, CLOCK, CONFIG, Log, type Clock, type MessageBus } from '@gantry/service-kit';
import { CursorFiles } from '../adapters/cursor-files.js';
import { InspectionFiles } from '../adapters/inspection-files.js';
import { PackageKeys } from '../adapters/package-keys.js';
import { openRepository } from '../adapters/open-repository.js';
import { readLimitsOf, type BuildWatcherConfig, type RepositoryConfig } from '../config.js';
import { PackageInspector } from '../inspection/package-inspector.js';
import { RepositoryView } from '../metadata/repository-view.js';
import type { RepositoryFiles } from '../ports/repository-files.port.js';
import { Announcer } from './announcer.js';
import { Cursor } from './cursor.js';
import { repositoryGate } from './repository-gate.js';
import { RepositoryLoop } from './repository-loop.js';
import { RepositoryWatcher, type RepositoryStatus } from './repository-watcher.js';
import { WatcherMetrics } from './watcher-metrics.js';

/** One loop for every repository, until the service stops. */
@Injectable()
export class WatchLoops implements OnModuleInit, OnModuleDestroy {
  private readonly loops: ReadonlyMap<string, RepositoryLoop>;
  private readonly ending = new AbortController();

  constructor(
    @Inject(CONFIG) private readonly config: BuildWatcherConfig,
    @Inject(BUS) private readonly bus: MessageBus,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: WatcherMetrics,
  ) {
    this.loops = new Map(
      config.GANTRY_REPOSITORIES.map((repository) => [repository.name, this.loopOf(repository)]),
    );
  }

  onModuleInit(): void {
    for (const loop of this.loops.values()) loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
  }

  /** What every repository shows, and as of when. */
  get status(): readonly RepositoryStatus[] {
    return [...this.loops.values()].map(({ status }) => status);
  }

  /** Looks at a repository without waiting for its time; false when no repository has this name. */
  lookNow(repository: string): boolean {
    const loop = this.loops.get(repository);
    loop?.lookNow();
    return loop !== undefined;
  }

  private loopOf(of: RepositoryConfig): RepositoryLoop {
    const { name: repository, url, packages, pollMs, keyring } = of;
    const { config, bus, clock, log, metrics } = this;
    const files = openRepository(url);
    const watched: ReadonlySet<string> = new Set(packages);
    const store = new CursorFiles(config.GANTRY_CURSOR_DIR);
    const cursor = new Cursor({ repository, url, store });
    const gate = repositoryGate({ files, keyring, cursor });
    const limits = readLimitsOf(config);
    const view = new RepositoryView({ repository, packages: watched, files, limits, gate });
    const announcer = new Announcer(repository, bus);
    const inspector = this.inspectorOf(of, files);
    const tools = { repository, packages: watched, view, files, inspector, cursor, announcer };
    const watcher = new RepositoryWatcher({ ...tools, log, metrics, clock });
    const reannounceMs = config.GANTRY_REANNOUNCE_MS;
    return new RepositoryLoop({ repository, pollMs, reannounceMs, watcher, log });
  }

  /** Only who knows the keys can tell a good package from another. */
  private inspectorOf(
    { name, packageKeyring }: RepositoryConfig,
    files: RepositoryFiles,
  ): PackageInspector | undefined {
    if (packageKeyring === undefined) return undefined;
    const { GANTRY_CURSOR_DIR: folder, GANTRY_PACKAGE_MAX_BYTES: maxBytes } = this.config;
    const store = new InspectionFiles(join(folder, `${name}.inspected.jsonl`));
    const { ms } = readLimitsOf(this.config);
    const { signal } = this.ending;
    const keys = new PackageKeys(packageKeyring);
    return new PackageInspector({ files, keys, store, maxBytes, ms, signal });
  }
}
