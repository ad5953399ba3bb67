import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Evr, PackageName, Sha256 } from '@gantry/contracts';
import type { Seen } from '../metadata/seen.js';
import { CursorFiles } from './cursor-files.js';

const seen: Seen = {
  url: 'https://rpm.example.net/releases',
  highest: { revision: '12', timestamp: 12.5 },
  builds: [
    {
      name: PackageName.parse('shop'),
      evr: Evr.parse('1.0-1'),
      arch: 'noarch',
      sha256: Sha256.parse('a'.repeat(64)),
    },
  ],
  listedAt: { revision: '12', timestamp: 12.5 },
};

describe('the cursor on the disk', () => {
  let folder: string;
  let files: CursorFiles;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-cursor-'));
    files = new CursorFiles(join(folder, 'cursors'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is what was saved last, each repository by itself, and leaves nothing else behind', async () => {
    expect(await files.load('releases')).toBeUndefined();
    await files.save('releases', { ...seen, builds: [] });
    await files.save('releases', seen);
    await files.save('testing', { url: 'x', builds: [] });
    expect(await files.load('releases')).toEqual(seen);
    expect(await files.load('testing')).toEqual({ url: 'x', builds: [] });
    expect((await readdir(join(folder, 'cursors'))).sort()).toEqual([
      'releases.json',
      'testing.json',
    ]);
  });

  it('F-006 is the old one when the process died while it wrote a new one', async () => {
    await files.save('releases', seen);
    await writeFile(join(folder, 'cursors', 'releases.json.new'), '{"version":1,"ur');
    expect(await files.load('releases')).toEqual(seen);
    await files.save('releases', seen);
    expect(await readdir(join(folder, 'cursors'))).toEqual(['releases.json']);
  });

  it.each(['', '{', '{"version":2}', '[]'])('H-082 is not guessed when it is %j', async (text) => {
    await files.save('releases', seen);
    await writeFile(join(folder, 'cursors', 'releases.json'), text);
    await expect(files.load('releases')).rejects.toMatchObject({ code: 'cursor.unreadable' });
  });
});
