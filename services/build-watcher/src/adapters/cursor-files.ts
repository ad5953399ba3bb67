import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { PackageName, Evr, Sha256 } from '@gantry/contracts';
import { GantryError } from '@gantry/service-kit';
import { z } from 'zod';
import type { Seen } from '../metadata/seen.js';
import type { CursorStore } from '../ports/cursor-store.port.js';

const Revision = z.object({ revision: z.string(), timestamp: z.number() });
const CursorFile = z.object({
  version: z.literal(1),
  url: z.string(),
  highest: Revision.optional(),
  builds: z.array(z.object({ name: PackageName, evr: Evr, arch: z.string(), sha256: Sha256 })),
  listedAt: Revision.optional(),
  emptyAt: Revision.optional(),
});

/** One file per repository in a folder, replaced as a whole. */
export class CursorFiles implements CursorStore {
  constructor(private readonly folder: string) {}

  async load(repository: string): Promise<Seen | undefined> {
    const file = this.fileOf(repository);
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw unreadable(file, error);
    });
    if (text === undefined) return undefined;
    try {
      const { version: _version, ...seen } = CursorFile.parse(JSON.parse(text));
      return seen;
    } catch (error) {
      throw unreadable(file, error);
    }
  }

  async save(repository: string, seen: Seen): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const file = this.fileOf(repository);
    await writeDurably(`${file}.new`, JSON.stringify({ version: 1, ...seen }));
    await rename(`${file}.new`, file);
    await syncFolder(this.folder);
  }

  private fileOf(repository: string): string {
    return join(this.folder, `${repository}.json`);
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Without it, the new name may be lost with the power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

const unreadable = (file: string, cause: unknown): GantryError =>
  new GantryError(
    'corrupt',
    'cursor.unreadable',
    `${file} cannot be read, so it is not known how far its repository was seen. Find out what happened to it; ` +
      'when the repository is known to be sound, delete the file: everything it lists is announced again.',
    { cause },
  );
