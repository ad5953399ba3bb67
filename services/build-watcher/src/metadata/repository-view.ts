import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isPassing, torn } from '../ports/repository-error.js';
import type { RepositoryFiles } from '../ports/repository-files.port.js';
import { parsePrimary, type Listing } from './primary.js';
import { parseRepomd, type PrimaryEntry } from './repomd.js';
import { unpack } from './unpack.js';

const MIB = 1024 * 1024;
const MAX_REPOMD = MIB;
const MAX_PACKED = 64 * MIB;
const MAX_UNPACKED = 256 * MIB;
const ATTEMPTS = 5;

/** How a repository is looked at. */
export interface ViewOptions {
  readonly repository: string;
  readonly packages: ReadonlySet<string>;
  readonly files: RepositoryFiles;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/**
 * The last whole state of a repository that was read. createrepo_c swaps folders, so a reader in between finds files
 * missing or of two states: then everything is read again from the index. A failed read changes nothing.
 */
export class RepositoryView {
  private checksum: string | undefined;
  private listing: Listing = { artifacts: [], refused: [] };

  constructor(private readonly options: ViewOptions) {}

  /** What the last whole read showed. */
  get last(): Listing {
    return this.listing;
  }

  /** Reads the index, and the list of packages when its checksum is a new one; tells whether it was. */
  async refresh(): Promise<boolean> {
    const pause = this.options.pause ?? delay;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.read();
      } catch (error) {
        if (!isPassing(error) || attempt >= ATTEMPTS) throw error;
        await pause(50 * attempt * (0.5 + Math.random()));
      }
    }
  }

  private async read(): Promise<boolean> {
    const repomd = await this.options.files.read('repodata/repomd.xml', MAX_REPOMD);
    const entry = parseRepomd(repomd.toString('utf8'));
    if (entry.checksum === this.checksum) return false;
    this.listing = await this.list(entry);
    this.checksum = entry.checksum;
    return true;
  }

  private async list(entry: PrimaryEntry): Promise<Listing> {
    const packed = await this.options.files.read(entry.path, MAX_PACKED);
    const sum = createHash(entry.algorithm).update(packed).digest('hex');
    if (sum !== entry.checksum) throw torn(`${entry.path} is not the file that repomd.xml names`);
    const xml = await unpack(entry.path, packed, MAX_UNPACKED);
    return parsePrimary(xml, this.options.repository, this.options.packages);
  }
}
