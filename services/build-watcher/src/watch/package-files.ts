import { isGantryError, type Log } from '@gantry/service-kit';
import { nevraOf } from '../metadata/seen.js';
import type { Artifact } from '../metadata/artifact.js';
import type { RepositoryFiles } from '../ports/repository-files.port.js';
import type { Sighting } from './announcer.js';

/** Whether the file of a listed package can be fetched; `gone` is said once, when it was not found for the second time in a row. */
export type Fetchable = 'yes' | 'not-now' | 'gone';

/** How often in a row a file is not found until it is gone: while a repository is being published, files may be away for a moment. */
const MISSES = 2;

/** Looks whether what a repository lists is there: metadata may come before the package (mirrors, caches), and outlive it. */
export class PackageFiles {
  private readonly misses = new Map<string, number>();

  constructor(
    private readonly repository: string,
    private readonly files: Pick<RepositoryFiles, 'size'>,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  async look(sighting: Sighting): Promise<Fetchable> {
    for (const artifact of sighting) {
      const found = await this.find(artifact);
      if (found !== 'yes') return found;
    }
    return 'yes';
  }

  private async find(artifact: Artifact): Promise<Fetchable> {
    const { repository, log } = this;
    const { location, sizeBytes } = artifact;
    try {
      const size = await this.files.size(location);
      this.misses.delete(nevraOf(artifact));
      if (size === undefined || size === sizeBytes) return 'yes';
      log.warn('package has another size than the metadata say', { repository, location, size });
      return 'not-now';
    } catch (error) {
      log.warn('package is listed and cannot be fetched', { repository, location, error });
      return isGantryError(error) && error.code === 'repository.not-found'
        ? this.missed(nevraOf(artifact))
        : 'not-now';
    }
  }

  private missed(nevra: string): Fetchable {
    const misses = (this.misses.get(nevra) ?? 0) + 1;
    this.misses.set(nevra, misses);
    return misses === MISSES ? 'gone' : 'not-now';
  }
}
