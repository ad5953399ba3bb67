import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GantryError } from '@gantry/service-kit';
import { lapsedKeys, type Lapse } from '../inspection/lapsed-keys.js';
import { firstLine, runTool } from './run-tool.js';

/** The keys that may sign packages, as they stand now. */
export interface KeysNow {
  /** Another one when the file, or what has become of a key, is another. */
  readonly sum: string;
  readonly lapsed: ReadonlyMap<string, Lapse>;
}

const FRESH_MS = 60_000;

/** Reads the keys of a repository's packages; a key may expire while we run, so again every minute. */
export class PackageKeys {
  private last: { readonly keys: KeysNow; readonly until: number } | undefined;

  constructor(readonly file: string) {}

  async now(signal: AbortSignal): Promise<KeysNow> {
    if (this.last && performance.now() < this.last.until) return this.last.keys;
    const bytes = await readFile(this.file).catch((cause: unknown) => {
      throw unusableKeys(this.file, 'it cannot be read', cause);
    });
    const lapsed = await this.lapsed(signal);
    const sum = createHash('sha256')
      .update(bytes)
      .update(JSON.stringify([...lapsed]))
      .digest('hex');
    const keys = { sum, lapsed };
    this.last = { keys, until: performance.now() + FRESH_MS };
    return keys;
  }

  private async lapsed(signal: AbortSignal): Promise<KeysNow['lapsed']> {
    const home = await mkdtemp(join(tmpdir(), 'gantry-keys-'));
    try {
      const { exitCode, stdout, stderr } = await runTool({
        program: 'gpg',
        args: [
          ...['--homedir', home, '--batch', '--no-autostart', '--with-colons'],
          ...['--show-keys', '--', this.file],
        ],
        ...{ home, signal, debianPackage: 'gpg' },
      });
      if (exitCode !== 0) throw unusableKeys(this.file, firstLine(stderr));
      return lapsedKeys(stdout);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  }
}

/** Without its keys nothing of a repository can be told to be good. */
export const unusableKeys = (file: string, why: string, cause?: unknown): GantryError =>
  new GantryError(
    'config',
    'repository.unusable',
    `The package keys ${file} cannot be used (${why}): no package of this repository is announced. Check packageKeyring in ` +
      'GANTRY_REPOSITORIES; its file must be armored, as rpm --import takes it: gpg --armor --export KEY > FILE.',
    { cause },
  );
