import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { packed, repomdXml, type Ending } from './repository-bytes.js';

/** Makes a folder's metadata anew, packed in a certain way. Debian's createrepo_c cannot write zstd: its list is packed again. */
export async function createRepo(folder: string, ending: Ending): Promise<void> {
  const repodata = join(folder, 'repodata');
  await rm(repodata, { recursive: true, force: true });
  const type = ending === 'xz' ? 'xz' : 'gz';
  await promisify(execFile)('createrepo_c', [
    '-q',
    '--no-database',
    `--general-compress-type=${type}`,
    folder,
  ]);
  if (ending !== 'zst') return;
  const name = (await readdir(repodata)).find((file) => file.endsWith('primary.xml.gz')) ?? '';
  const bytes = await packed('zst', [gunzipSync(await readFile(join(repodata, name)))]);
  await rm(join(repodata, name));
  await writeFile(join(repodata, 'primary.xml.zst'), bytes);
  await writeFile(join(repodata, 'repomd.xml'), repomdXml('repodata/primary.xml.zst', bytes));
}
