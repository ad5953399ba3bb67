import { BuildObserved, buildKey, StreamKey } from '@gantry/contracts';
import type { Log, MessageBus } from '@gantry/service-kit';
import type { Artifact } from '../metadata/primary.js';
import type { RepositoryView } from '../metadata/repository-view.js';
import type { RepositoryFiles } from '../ports/repository-files.port.js';
import type { WatcherMetrics } from './watcher-metrics.js';

/** What a watcher works with. */
export interface WatcherTools {
  readonly repository: string;
  readonly view: RepositoryView;
  readonly files: RepositoryFiles;
  readonly bus: Pick<MessageBus, 'publish'>;
  readonly log: Pick<Log, 'log' | 'warn'>;
  readonly metrics: WatcherMetrics;
}

/**
 * Announces every build of one repository: at the start, when it is new, when its content changed. That a build is not
 * listed any more says nothing: it may be a torn read, an old mirror, or a publisher at work.
 */
export class RepositoryWatcher {
  private readonly announced = new Map<string, string>();

  constructor(private readonly tools: WatcherTools) {}

  /** One look. A repository that cannot be read keeps the last view; a broker that fails gets everything again. */
  async look(): Promise<void> {
    await this.refresh();
    for (const artifact of this.tools.view.last.artifacts) {
      if (this.announced.get(keyOf(artifact)) === artifact.sha256) continue;
      if (!(await this.isFetchable(artifact))) continue;
      if (!(await this.announce(artifact))) return;
    }
  }

  /** Everything is news again at the next look. */
  forget(): void {
    this.announced.clear();
  }

  private async refresh(): Promise<void> {
    const { view, repository, log, metrics } = this.tools;
    try {
      const changed = await view.refresh();
      metrics.read(repository);
      if (!changed) return;
      log.log('repository read', { repository, builds: view.last.artifacts.length });
      for (const reason of view.last.refused) log.warn('package refused', { repository, reason });
    } catch (error) {
      metrics.failed(repository);
      log.warn('repository not readable; the last view stays', { repository, error });
    }
  }

  /** Metadata may be there before the package is (mirrors, caches): a build is announced when it can be fetched whole. */
  private async isFetchable({ location, sizeBytes }: Artifact): Promise<boolean> {
    const { files, repository, log } = this.tools;
    try {
      const size = await files.size(location);
      if (size === undefined || size === sizeBytes) return true;
      log.warn('package has another size than the metadata say', { repository, location, size });
    } catch (error) {
      log.warn('package is listed and cannot be fetched yet', { repository, location, error });
    }
    return false;
  }

  private async announce(artifact: Artifact): Promise<boolean> {
    const { bus, log, repository } = this.tools;
    const subject = StreamKey.safeParse(`build-${buildKey(artifact.name, artifact.evr)}`);
    if (!subject.success) {
      log.warn('package refused', { repository, reason: `name too long: ${artifact.location}` });
      this.announced.set(keyOf(artifact), artifact.sha256);
      return true;
    }
    try {
      await bus.publish(BuildObserved, artifact, { subject: subject.data });
    } catch (error) {
      // What was confirmed before may be lost with the broker: consumers are idempotent, so all of it again.
      this.forget();
      log.warn('build not announced; all are announced again', { repository, error });
      return false;
    }
    this.announced.set(keyOf(artifact), artifact.sha256);
    return true;
  }
}

const keyOf = ({ name, evr, arch }: Artifact): string => `${name} ${evr} ${arch}`;
