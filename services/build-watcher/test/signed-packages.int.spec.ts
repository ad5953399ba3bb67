import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { InspectionFiles } from '../src/adapters/inspection-files.js';
import { openRepository } from '../src/adapters/open-repository.js';
import { PackageKeys } from '../src/adapters/package-keys.js';
import { PackageInspector } from '../src/inspection/package-inspector.js';
import type { Artifact } from '../src/metadata/artifact.js';
import { GpgKeys } from './gpg-keys.js';
import { buildShop, listed, signatureIn, withFlip, type Spec } from './rpm-files.js';
import { WebOfFiles } from './web-of-files.js';

const LIMIT = 60_000;

describe('packages whose keys are known', () => {
  let folder: string;
  let keys: GpgKeys;
  let unsigned: Buffer;
  let good: Buffer;
  let other: Buffer;
  let web: WebOfFiles;
  let store: string;

  const signedBy = async (name: string, spec?: Spec): Promise<Buffer> => {
    const file = await buildShop(folder, spec);
    await keys.signRpm(name, file);
    return readFile(file);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-packages-'));
    keys = await GpgKeys.make(folder);
    const file = await buildShop(folder);
    unsigned = await readFile(file);
    await copyFile(file, `${file}.other`);
    await keys.signRpm('good', file);
    await keys.signRpm('other', `${file}.other`);
    [good, other] = await Promise.all([readFile(file), readFile(`${file}.other`)]);
  }, LIMIT);
  afterAll(async () => {
    await keys.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    web = await WebOfFiles.start();
    store = join(folder, `inspected-${web.port}.jsonl`);
  });
  afterEach(() => web.stop());

  const armored = (name: string) => keys.keyring(name, { armored: true });
  const inspector = async ({ keyring = '', maxBytes = 1e6 } = {}) =>
    new PackageInspector({
      files: openRepository(web.url),
      keys: new PackageKeys(keyring === '' ? await armored('good') : keyring),
      store: new InspectionFiles(store),
      maxBytes,
      ms: 20_000,
      signal: new AbortController().signal,
    });
  const inspect = async (bytes: Buffer, artifact: Artifact = listed(bytes)) => {
    web.files.set(artifact.location, bytes);
    return (await (await inspector()).inspect(artifact)).inspection;
  };
  const seen = async (bytes: Buffer) => (await inspect(bytes))?.signature;

  it('H-080 a good one is verified, by the whole id of its key', async () => {
    expect(await inspect(good)).toEqual({
      signature: { verdict: 'verified', keyId: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
  });

  it('H-080 an unsigned one is unsigned, however good its digests are', async () => {
    expect(await seen(unsigned)).toEqual({ verdict: 'unsigned' });
  });

  it('H-080 one signed by another key is another key, and says which', async () => {
    const id = expect.stringMatching(/^[0-9a-f]{8}$/);
    expect(await seen(other)).toEqual({ verdict: 'other-key', keyId: id });
  });

  it.each(['expired', 'revoked'] as const)(
    'H-080 one signed by a key that is %s is not good, though rpm takes it',
    async (lapsed) => {
      const bytes = lapsed === 'revoked' ? other : await signedBy('old');
      const keyring = lapsed === 'revoked' ? await keys.revoked('other') : await armored('old');
      web.files.set('shop.rpm', bytes);
      const { inspection } = await (await inspector({ keyring })).inspect(listed(bytes));
      expect(inspection?.signature).toEqual({
        verdict: 'other-key',
        keyId: expect.stringMatching(/^[0-9a-f]{16}$/),
        lapsed,
      });
    },
  );

  it('H-080 a bit changed in its signature header breaks it, wherever that is', async () => {
    const { entry, value } = signatureIn(good);
    // In the signature; in the name of its entry, so that it is taken for none; in its type; in how long it is.
    for (const at of [value + 300, value + 20, entry + 3, entry + 7, entry + 15])
      expect(await seen(withFlip(good, at))).toMatchObject({
        verdict: 'broken',
        detail: expect.any(String),
      });
  });

  it('H-080 a bit changed in its payload or header breaks it, also where the list has the sum of that', async () => {
    const payload = withFlip(good, good.length - 40);
    expect(await seen(payload)).toMatchObject({
      verdict: 'broken',
      detail: expect.stringContaining('Payload SHA256'),
    });
    const summary = withFlip(good, good.lastIndexOf('Shop.'));
    expect(await seen(summary)).toMatchObject({ verdict: 'broken' });
  });

  it('H-080 a cut one, and one that is no package, are broken', async () => {
    for (const bytes of [
      good.subarray(0, good.length - 9),
      good.subarray(0, 3_000),
      Buffer.from('rpm'),
    ])
      expect(await seen(bytes)).toMatchObject({ verdict: 'broken' });
  });

  it('H-080 a good one that is listed as another build is broken: it may be an old one in a new place', async () => {
    for (const claimed of [{ evr: '2.0.0-1' }, { evr: '1:1.0.0-1' }, { name: 'cart' }])
      expect((await inspect(good, listed(good, claimed)))?.signature).toMatchObject({
        verdict: 'broken',
        detail: expect.stringContaining('says of itself that it is shop 0:1.0.0-1 noarch'),
      });
  });

  it('H-080 a file that is not the one that the list names is not even looked at', async () => {
    const artifact = listed(good);
    for (const bytes of [withFlip(good, good.length - 40), Buffer.concat([good, Buffer.from('x')])])
      await expect(inspect(bytes, artifact)).rejects.toMatchObject({
        code: 'repository.torn',
        message: expect.stringContaining('primary.xml'),
      });
    web.answers.set('shop.rpm', (_request, response) => {
      response.writeHead(302, { location: 'http://localhost:1/shop.rpm' }).end();
    });
    await expect(inspect(good)).rejects.toMatchObject({ code: 'repository.untrusted' });
  });

  it('H-080 one that is larger than allowed is not fetched to its end', async () => {
    web.files.set('shop.rpm', good);
    const strict = await inspector({ maxBytes: 1_000 });
    await expect(strict.inspect(listed(good))).rejects.toThrow(/more than 1000 bytes/);
  });

  it('H-080 is fetched once, also over a restart, and again when the keys are others', async () => {
    const artifact = listed(good);
    const fetched = () => web.requests.length;
    expect(await seen(good)).toMatchObject({ verdict: 'verified' });
    expect(await inspect(good, artifact)).toMatchObject({ signature: { verdict: 'verified' } });
    expect(fetched()).toBe(1);
    const keyring = await armored('other');
    const stricter = await inspector({ keyring });
    expect((await stricter.inspect(artifact)).inspection?.signature).toMatchObject({
      verdict: 'other-key',
    });
    expect(fetched()).toBe(2);
  });

  it('H-080 takes several keys in one file, and says what to do about one that rpm cannot take', async () => {
    web.files.set('shop.rpm', other);
    const [one, two] = [await armored('good'), await armored('other')];
    const both = join(folder, 'both.asc');
    await writeFile(both, Buffer.concat([await readFile(one), await readFile(two)]));
    const { inspection } = await (await inspector({ keyring: both })).inspect(listed(other));
    expect(inspection?.signature).toMatchObject({ verdict: 'verified' });
    const binary = await inspector({ keyring: await keys.keyring('good') });
    await expect(binary.inspect(listed(other))).rejects.toThrow(/gpg --armor --export/);
    const missing = await inspector({ keyring: '/nowhere/keys' });
    await expect(missing.inspect(listed(other))).rejects.toThrow(/Check packageKeyring/);
  });

  it('H-083 names that stand in the package alone count as those that the list tells', async () => {
    const bytes = await signedBy('good', {
      preamble: 'Provides: webshop\nObsoletes: cart < 2',
    });
    const artifact = listed(bytes, { inspection: { obsoletes: ['old-shop'] } });
    expect(await inspect(bytes, artifact)).toMatchObject({
      provides: ['webshop'],
      obsoletes: ['cart', 'old-shop'],
    });
  });

  it('H-086 scripts of every kind are named, and what in them reaches beyond the package', async () => {
    const harmless = await signedBy('good', {
      scripts:
        '%post\nsystemctl daemon-reload\nsystemctl try-restart shop.service\n# then reboot\n%postun -p /sbin/ldconfig',
    });
    expect((await inspect(harmless))?.scripts).toEqual({ kinds: ['post', 'postun'], reaches: [] });
    const wild = await signedBy('good', {
      scripts:
        '%pre\ntrue\n%preun\nsystemctl restart nginx shop || :\n%posttrans -p <lua>\nos.execute("/sbin/reboot")\n%triggerin -- bash\nservice cron stop',
    });
    expect((await inspect(wild))?.scripts).toEqual({
      kinds: ['pre', 'preun', 'posttrans', 'trigger'],
      reaches: ['reboot', 'service cron stop', 'systemctl restart nginx'],
    });
  });

  it('H-086 a script cannot take a part of itself out of the search', async () => {
    const forged = await signedBy('good', {
      scripts:
        '%post\ntrue \u001eunits\u001f\n/usr/lib/systemd/system/nginx.service\n\u001eprovides\u001fx\nsystemctl stop nginx\nreboot',
    });
    expect((await inspect(forged))?.scripts?.reaches).toEqual(['reboot', 'systemctl stop nginx']);
  });
});
