import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CursorFiles } from '../src/adapters/cursor-files.js';
import { openRepository } from '../src/adapters/open-repository.js';
import { RepositoryView } from '../src/metadata/repository-view.js';
import { Cursor } from '../src/watch/cursor.js';
import { repositoryGate } from '../src/watch/repository-gate.js';
import { GpgKeys } from './gpg-keys.js';
import { packed, primaryXml, repomdXml } from './repository-bytes.js';
import { WebOfFiles } from './web-of-files.js';

const LIMITS = {
  packedBytes: 1e6,
  openBytes: 1e6,
  ratio: 100,
  packages: 10,
  builds: 10,
  ms: 20_000,
};
const REPOMD = 'repodata/repomd.xml';

describe('a repository whose index must be signed', () => {
  let folder: string;
  let keys: GpgKeys;
  let web: WebOfFiles;
  let view: RepositoryView;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-signed-'));
    keys = await GpgKeys.make(folder);
  }, 30_000);
  afterAll(async () => {
    await keys.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (keyring?: string) => {
    const files = openRepository(web.url);
    const store = new CursorFiles(join(folder, `cursors-${web.port}`));
    const cursor = new Cursor({ repository: 'releases', url: web.url, store });
    const gate = repositoryGate({
      files,
      keyring: keyring ?? (await keys.keyring('good')),
      cursor,
    });
    const packages = new Set(['shop']);
    const pause = () => Promise.resolve();
    const made = new RepositoryView({
      repository: 'releases',
      packages,
      files,
      limits: LIMITS,
      gate,
      pause,
    });
    return Object.assign(made, { cursor });
  };
  const publish = async (by: string, revision: number, ...versions: string[]) => {
    const bytes = await packed('gz', [Buffer.from(primaryXml(...versions))]);
    const path = `repodata/${revision}-primary.xml.gz`;
    const index = Buffer.from(repomdXml(path, bytes, revision));
    web.files.set(path, bytes);
    web.files.set(REPOMD, index);
    web.files.set(`${REPOMD}.asc`, await keys.sign(by, index));
  };
  const evrs = () => view.last.listing.artifacts.map(({ evr }) => evr);

  beforeEach(async () => {
    web = await WebOfFiles.start();
    await publish('good', 10, '1');
    view = await open();
    await view.refresh();
    expect(evrs()).toEqual(['1-1']);
    await publish('good', 20, '1', '2');
  });
  afterEach(() => web.stop());

  const refused = async (code = 'repository.bad-signature', message = /./) => {
    await expect(view.refresh()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(evrs()).toEqual(['1-1']);
  };

  it('H-079 takes what is signed by a key of the keyring', async () => {
    await view.refresh();
    expect(evrs()).toEqual(['1-1', '2-1']);
  });

  it('H-079 refuses a signature that is missing', async () => {
    web.files.delete(`${REPOMD}.asc`);
    await refused('repository.not-found', /repomd\.xml\.asc/);
  });

  it.each<[string, string, RegExp]>([
    ['another key', 'other', /not in the keyring/],
    ['a key that nobody trusts any more', 'old', /not in the keyring/],
  ])('H-079 refuses a signature by %s', async (_name, by, why) => {
    await publish(by, 20, '1', '2');
    await refused('repository.bad-signature', why);
  });

  it('H-079 refuses a signature by a key of the keyring that has expired', async () => {
    await publish('old', 30, '1', '3');
    view = await open(await keys.keyring('old'));
    await expect(view.refresh()).rejects.toThrow(/a key that has expired/);
    expect(evrs()).toEqual([]);
  });

  it('H-079 refuses an index that is another one than was signed', async () => {
    const index = String(web.files.get(REPOMD)).replace('<revision>20', '<revision>21');
    web.files.set(REPOMD, Buffer.from(index));
    await refused('repository.bad-signature', /does not fit/);
  });

  it.each(['', 'no signature', '-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n'])(
    'H-079 refuses %j for a signature',
    async (text) => {
      web.files.set(`${REPOMD}.asc`, Buffer.from(text));
      await refused();
    },
  );

  it('H-079 refuses a list that is not the one the signed index names', async () => {
    web.files.set('repodata/20-primary.xml.gz', await packed('gz', [Buffer.from(primaryXml('9'))]));
    await refused('repository.torn');
  });

  it('H-079 says what to do about a keyring that gpgv would take for an empty one', async () => {
    view = await open(await keys.keyring('good', { armored: true }));
    await expect(view.refresh()).rejects.toThrow(/gpg --dearmor/);
    view = await open('/nowhere/keys.gpg');
    await expect(view.refresh()).rejects.toThrow(/cannot be read/);
  });

  it('H-082 refuses an older index, however well it is signed, also after a restart', async () => {
    const first = await open();
    await first.refresh();
    await first.cursor.reached({ revision: '20', timestamp: 20 });
    await publish('good', 15, '1');
    for (const reader of [first, await open()])
      await expect(reader.refresh()).rejects.toMatchObject({
        code: 'repository.older',
        message: expect.stringContaining('releases.json in GANTRY_CURSOR_DIR'),
      });
    expect(first.last.listing.artifacts).toHaveLength(2);
  });
});

describe('a repository over TLS', () => {
  it('H-087 is not read when its certificate is not trusted, and not without TLS either', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const files = ['-keyout', key, '-out', cert];
    await promisify(execFile)('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      ...files,
      ...subject,
    ]);
    const tls = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
    const web = await WebOfFiles.start(tls);
    try {
      await expect(openRepository(web.url).read(REPOMD, { maxBytes: 99 })).rejects.toMatchObject({
        code: 'repository.untrusted',
        message: expect.stringContaining('SELF_SIGNED'),
      });
      expect(web.requests).toEqual([]);
    } finally {
      await web.stop();
      await rm(folder, { recursive: true });
    }
  });
});
