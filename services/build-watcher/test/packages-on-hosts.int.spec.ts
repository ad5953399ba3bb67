import { execFile } from 'node:child_process';
import {
  access,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRepo } from './create-repo.js';
import { GpgKeys } from './gpg-keys.js';
import { buildShop, signatureIn, withFlip } from './rpm-files.js';

const run = promisify(execFile);
const LIMIT = 60_000;
const MODULE = fileURLToPath(new URL('../../../puppet', import.meta.url));

/** A host's own check, whatever anybody told it to install: dnf, with the repository as our Puppet module declares it. */
describe('a host that takes packages by their signature', () => {
  let folder: string;
  let keys: GpgKeys;
  let unsigned: string;
  const at = (...names: string[]) => join(folder, ...names);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-host-'));
    for (const name of ['repos.d', 'keys', 'modules', 'repository']) await mkdir(at(name));
    keys = await GpgKeys.make(folder);
    unsigned = await buildShop(folder);
    const key = await readFile(await keys.keyring('good', { armored: true }), 'utf8');
    await symlink(MODULE, at('modules', 'gantry'));
    const manifest = `gantry::repository { 'lab':
  baseurl => '${pathToFileURL(at('repository')).href}',
  gpgkey => '${key}',
  repos_dir => '${at('repos.d')}',
  keys_dir => '${at('keys')}',
}`;
    await writeFile(at('site.pp'), manifest);
    const own = ['confdir', 'vardir', 'publicdir'].map(
      (name) => `--${name}=${at(`puppet-${name}`)}`,
    );
    await run('puppet', ['apply', ...own, '--modulepath', at('modules'), at('site.pp')]);
  }, LIMIT);
  afterAll(async () => {
    await keys.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What dnf says when shop is to be installed from a repository that has this file; undefined when it is installed. */
  const install = async (file: string): Promise<string | undefined> => {
    for (const name of ['root', 'cache']) await rm(at(name), { recursive: true, force: true });
    await copyFile(file, at('repository', 'shop.rpm'));
    await createRepo(at('repository'), 'gz');
    const settings = [`cachedir=${at('cache')}`, `reposdir=${at('repos.d')}`, 'plugins=0'];
    const args = [
      ...['-q', '-y', `--installroot=${at('root')}`, '--releasever=12'],
      ...settings.map((setting) => `--setopt=${setting}`),
    ];
    try {
      await run('dnf', [...args, 'install', 'shop'], { env: { ...process.env, LC_ALL: 'C' } });
      await access(at('root', 'opt', 'shop', 'version'));
      return undefined;
    } catch (error) {
      await expect(access(at('root', 'opt', 'shop'))).rejects.toThrow('ENOENT');
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      return stdout + stderr;
    }
  };

  it(
    'H-080 installs what the key signed, and refuses an unsigned, a foreign and a changed package with nothing of it unpacked',
    async () => {
      const [good, other, changed] = [at('good.rpm'), at('other.rpm'), at('changed.rpm')];
      await copyFile(unsigned, good);
      await keys.signRpm('good', good);
      await copyFile(unsigned, other);
      await keys.signRpm('other', other);
      const bytes = await readFile(good);
      await writeFile(changed, withFlip(bytes, signatureIn(bytes).value + 300));
      expect(await install(good)).toBeUndefined();
      expect(await install(unsigned)).toMatch(/not signed/);
      expect(await install(other)).toMatch(/GPG check FAILED/);
      expect(await install(changed)).toMatch(/BAD|FAILED|[Ee]rror/);
      await writeFile(changed, withFlip(bytes, bytes.length - 40));
      expect(await install(changed)).toMatch(/BAD|FAILED|[Ee]rror/);
    },
    LIMIT,
  );
});
