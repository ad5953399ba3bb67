import { isGantryError, messageOf, type Clock, type Log } from '@gantry/service-kit';
import type { RepositoryView, View } from '../metadata/repository-view.js';
import { differenceOf } from '../metadata/seen.js';
import type { RepositoryFiles } from '../ports/repository-files.port.js';
import type { Announcer, Sighting } from './announcer.js';
import { inspectedSighting, type Inspecting } from './inspected-sighting.js';
import { PackageFiles } from './package-files.js';
import type { Cursor } from './cursor.js';
import type { WatcherMetrics } from './watcher-metrics.js';

/** What a watcher works with. */
export interface WatcherTools {
  readonly repository: string;
  readonly packages: ReadonlySet<string>;
  readonly view: Pick<RepositoryView, 'last' | 'refresh'>;
  readonly files: Pick<RepositoryFiles, 'size'>;
  readonly inspector?: Inspecting['inspector'];
  readonly cursor: Pick<Cursor, 'seen' | 'reached' | 'keep'>;
  readonly announcer: Announcer;
  readonly log: Pick<Log, 'log' | 'warn'>;
  readonly metrics: WatcherMetrics;
  readonly clock: Clock;
}

/** What a repository shows, and as of when. */
export interface RepositoryStatus {
  readonly repository: string;
  /** When it was last seen whole; absent before the first time. */
  readonly asOf?: string;
  /** Why it was not seen whole the last time. */
  readonly problem?: string;
  readonly revision?: string;
  readonly packages: number;
  readonly builds: number;
  readonly refused: readonly string[];
  readonly lookAlikes: readonly string[];
}

/**
 * Tells of every build of one repository: at the start, when it is new, when its content changed, and when a newer state
 * does not list it any more. A look that fails changes nothing: the last whole view stands, as of when it was read.
 */
export class RepositoryWatcher {
  private asOf: string | undefined;
  private problem: string | undefined;
  private compared: View | undefined;

  private readonly packages: PackageFiles;

  constructor(private readonly tools: WatcherTools) {
    const { repository, files, log } = tools;
    this.packages = new PackageFiles(repository, files, log);
  }

  /** One look; tells whether the repository could be read. Rejects when the broker, the cursor's disk or the keys of packages fail. */
  async look(): Promise<boolean> {
    const isRead = await this.refresh();
    try {
      await this.announce();
    } finally {
      // Also where nothing may be announced: what is gone must not be deployed.
      await this.compare();
    }
    return isRead;
  }

  /** Everything is news again at the next look. */
  forget(): void {
    this.tools.announcer.forget();
  }

  get status(): RepositoryStatus {
    const { index, listing } = this.tools.view.last;
    return {
      repository: this.tools.repository,
      ...(this.asOf === undefined ? {} : { asOf: this.asOf }),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      ...(index === undefined ? {} : { revision: index.revision }),
      packages: listing.packages,
      builds: listing.artifacts.length,
      refused: listing.refused.reasons,
      lookAlikes: listing.lookAlikes,
    };
  }

  private async refresh(): Promise<boolean> {
    const { view, repository, log, metrics, clock } = this.tools;
    const startedAt = performance.now();
    try {
      const changed = await view.refresh();
      const { listing } = view.last;
      const counts = {
        packages: listing.packages,
        builds: listing.artifacts.length,
        refused: listing.refused.count,
      };
      metrics.read(repository, counts);
      this.asOf = clock.now().toISOString();
      this.problem = undefined;
      if (changed) this.logRead(view.last, counts);
      return true;
    } catch (error) {
      this.problem = messageOf(error);
      metrics.failed(repository, isGantryError(error) ? error.code : 'unknown');
      log.warn('repository not readable; the last view stays', {
        repository,
        asOf: this.asOf,
        error,
      });
      return false;
    } finally {
      metrics.took(repository, performance.now() - startedAt);
    }
  }

  private logRead({ listing }: View, counts: object): void {
    const { repository, log } = this.tools;
    log.log('repository read', { repository, ...counts });
    for (const reason of listing.refused.reasons)
      log.warn('package refused', { repository, reason });
    for (const found of listing.lookAlikes)
      log.warn('a package looks like a watched one and has a higher epoch', { repository, found });
  }

  private async announce(): Promise<void> {
    const { announcer, view, metrics, repository, log } = this.tools;
    for (const { sighting, isNews } of announcer.due(view.last.listing.artifacts)) {
      const fetchable = await this.packages.look(sighting);
      if (fetchable === 'yes' && isNews) await this.tell(sighting);
      if (fetchable !== 'gone') continue;
      const [{ name, evr, arch }] = sighting;
      await announcer.gone(sighting[0]);
      metrics.wentAway(repository, 1);
      log.log('build gone: it is listed, and its file is not there', {
        repository,
        name,
        evr,
        arch,
      });
    }
  }

  private async tell(sighting: Sighting): Promise<void> {
    const inspected = await inspectedSighting(sighting, this.tools);
    if (inspected !== undefined) await this.tools.announcer.observed(inspected);
  }

  /** Announces what is gone before it forgets it, so that a crash in between announces it again. */
  private async compare(): Promise<void> {
    const { view, cursor, packages, announcer, metrics, repository, log } = this.tools;
    const { index, listing } = view.last;
    if (index === undefined || this.compared === view.last) return;
    const compared = view.last;
    const revision = { revision: index.revision, timestamp: index.timestamp };
    await cursor.reached(revision);
    const { gone, seen } = differenceOf(
      await cursor.seen(),
      { index: revision, listing },
      packages,
    );
    for (const build of gone) {
      await announcer.gone(build);
      log.log('build gone', { repository, name: build.name, evr: build.evr, arch: build.arch });
    }
    await cursor.keep(seen);
    metrics.wentAway(repository, gone.length);
    this.compared = compared;
  }
}
