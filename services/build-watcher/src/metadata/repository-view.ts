import { setTimeout as delay } from 'node:timers/promises';
import { isPassing } from '../ports/repository-error.js';
import type { RepositoryFiles, Validators } from '../ports/repository-files.port.js';
import { NOTHING, type Listing } from './listing.js';
import type { ReadLimits } from './read-limits.js';
import { readPrimary } from './read-primary.js';
import { parseRepomd, type Repomd } from './repomd.js';

const INDEX = 'repodata/repomd.xml';
const MAX_INDEX = 1024 * 1024;
const ATTEMPTS = 5;

/** How a repository is looked at. */
export interface ViewOptions {
  readonly repository: string;
  readonly packages: ReadonlySet<string>;
  readonly files: RepositoryFiles;
  readonly limits: ReadLimits;
  readonly gate?: Gate;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** What an index has to pass before anything it names is read; both throw to refuse it. */
export interface Gate {
  /** Whether it comes from whom it should, before it is even parsed. */
  authenticate(bytes: Buffer, signal: AbortSignal): Promise<void>;
  /** Whether it is not older than what was seen. */
  admit(index: Repomd): Promise<void>;
}

/** A whole state of a repository that was read and proven. */
export interface View {
  /** Absent until something was read. */
  readonly index?: Repomd;
  readonly listing: Listing;
}

/**
 * The last whole state of a repository that was read. createrepo_c swaps folders, so a reader in between finds files
 * missing or of two states: then everything is read again from the index. A failed read changes nothing.
 */
export class RepositoryView {
  private view: View = { listing: NOTHING };
  private indexBytes: Buffer | undefined;
  private validators: Validators | undefined;

  constructor(private readonly options: ViewOptions) {}

  /** What the last whole read showed. */
  get last(): View {
    return this.view;
  }

  /** Reads the index, and the list of packages when its checksum is a new one; tells whether it was. */
  async refresh(): Promise<boolean> {
    const signal = AbortSignal.timeout(this.options.limits.ms);
    const pause = this.options.pause ?? delay;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.read(signal);
      } catch (error) {
        if (!isPassing(error) || attempt >= ATTEMPTS || signal.aborted) throw error;
        await pause(50 * attempt * (0.5 + Math.random()));
      }
    }
  }

  private async read(signal: AbortSignal): Promise<boolean> {
    const { files, gate } = this.options;
    const file = await files.read(INDEX, { maxBytes: MAX_INDEX, signal, known: this.validators });
    if (file === 'unchanged') return false;
    if (this.indexBytes?.equals(file.bytes)) {
      this.validators = file.validators;
      return false;
    }
    await gate?.authenticate(file.bytes, signal);
    const index = parseRepomd(file.bytes.toString('utf8'));
    await gate?.admit(index);
    const changed = index.primary.checksum.hex !== this.view.index?.primary.checksum.hex;
    const listing = changed ? await this.list(index, signal) : this.view.listing;
    this.view = { index, listing };
    this.indexBytes = file.bytes;
    this.validators = file.validators;
    return changed;
  }

  private list(index: Repomd, signal: AbortSignal): Promise<Listing> {
    const { repository, packages: watched, files, limits } = this.options;
    return readPrimary(index.primary, { repository, watched, files, limits, signal });
  }
}
