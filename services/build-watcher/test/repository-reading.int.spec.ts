import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RpmRepository, Workspace } from '@gantry/lab';
import { openRepository } from '../src/adapters/open-repository.js';
import type { ReadLimits } from '../src/metadata/read-limits.js';
import { RepositoryView } from '../src/metadata/repository-view.js';
import { createRepo } from './create-repo.js';
import {
  ENDINGS,
  manyPackages,
  packed,
  primaryXml,
  repomdXml,
  type Ending,
} from './repository-bytes.js';
import { WebOfFiles } from './web-of-files.js';

const MIB = 1024 * 1024;
const LIMITS: ReadLimits = {
  packedBytes: 64 * MIB,
  openBytes: 1024 * MIB,
  ratio: 100,
  packages: 2_000_000,
  builds: 100,
  ms: 60_000,
};
const LIMIT = 90_000;
const NO_PAUSE = { pause: () => Promise.resolve() };

const viewOf = (url: string, limits: Partial<ReadLimits> = {}) =>
  new RepositoryView({
    repository: 'releases',
    packages: new Set(['shop']),
    files: openRepository(url),
    limits: { ...LIMITS, ...limits },
    ...NO_PAUSE,
  });
const evrs = (view: RepositoryView) => view.last.listing.artifacts.map(({ evr }) => evr);

describe('reading what createrepo_c makes', () => {
  let workspace: Workspace;
  let repository: RpmRepository;
  beforeEach(async () => {
    workspace = await Workspace.open();
    repository = await RpmRepository.start({ workspace });
  }, LIMIT);
  afterEach(async () => {
    await repository.stop();
    await workspace.close();
  }, LIMIT);

  it(
    'tells the same builds however the metadata are packed, over HTTP and from disk',
    async () => {
      const rpms = [
        await repository.publish({ version: '1.10.0' }),
        await repository.publish({ version: '1.9.0~rc1', release: '3' }),
      ];
      const seen = new Map<string, unknown>();
      for (const ending of ENDINGS) {
        await createRepo(repository.folder, ending);
        const files = await readdir(join(repository.folder, 'repodata'));
        expect(files.filter((file) => file.includes('primary.xml'))).toEqual([
          expect.stringMatching(new RegExp(`\\.${ending}$`)),
        ]);
        for (const url of [repository.url, pathToFileURL(repository.folder).href]) {
          const view = viewOf(url);
          expect(await view.refresh()).toBe(true);
          seen.set(`${ending} ${url}`, view.last.listing);
          const sums = view.last.listing.artifacts.map(({ sha256 }) => sha256);
          expect(sums.sort()).toEqual(rpms.map(({ sha256 }) => sha256).sort());
        }
      }
      const [first, ...others] = [...seen.values()];
      expect(others).toHaveLength(5);
      for (const other of others) expect(other).toEqual(first);
      const [rpm] = rpms;
      const file = await readFile(join(repository.folder, rpm?.fileName ?? ''));
      expect(createHash('sha256').update(file).digest('hex')).toBe(rpm?.sha256);
    },
    LIMIT,
  );
});

describe('a repository that misbehaves', () => {
  let web: WebOfFiles;
  beforeEach(async () => {
    web = await WebOfFiles.start();
  });
  afterEach(() => web.stop());

  const publish = (bytes: Buffer, { ending = 'gz', revision = 1 } = {}) => {
    const path = `repodata/${revision}-primary.xml.${ending}`;
    web.files.set('repodata/repomd.xml', Buffer.from(repomdXml(path, bytes, revision)));
    web.files.set(path, bytes);
    return path;
  };
  const list = (ending: Ending, ...versions: string[]) =>
    packed(ending, [Buffer.from(primaryXml(...versions))]);
  /** A view that has seen version 1, before the trouble begins. */
  const goodView = async (ending: Ending = 'gz', limits: Partial<ReadLimits> = {}) => {
    publish(await list(ending, '1'), { ending });
    const view = viewOf(web.url, limits);
    await view.refresh();
    expect(evrs(view)).toEqual(['1-1']);
    return view;
  };

  it.each(ENDINGS)(
    'H-078 a bomb of %s is refused before it takes memory, and the last good view stays',
    async (ending) => {
      const view = await goodView(ending, { openBytes: 64 * MIB });
      const spaces = Array.from({ length: 300 }, () => Buffer.alloc(MIB, ' '));
      const bomb = await packed(ending, [Buffer.from('<metadata>'), ...spaces]);
      publish(bomb, { ending, revision: 2 });
      const before = process.memoryUsage().rss;
      await expect(view.refresh()).rejects.toMatchObject({
        code: 'repository.unusable',
        message: expect.stringMatching(/unpacks to more than 100 times|has more than|one piece of/),
      });
      expect(process.memoryUsage().rss - before).toBeLessThan(150 * MIB);
      const loose = viewOf(web.url, { openBytes: 64 * MIB, ratio: 1_000_000 });
      await expect(loose.refresh()).rejects.toMatchObject({ code: 'repository.unusable' });
      expect(evrs(view)).toEqual(['1-1']);
    },
    LIMIT,
  );

  it.each(ENDINGS)('F-090 a list of %s that is cut, or another one, is torn', async (ending) => {
    const view = await goodView(ending);
    const next = await list(ending, '1', '2');
    const path = publish(next, { ending, revision: 2 });
    for (const wrong of [
      next.subarray(0, next.length - 9),
      Buffer.alloc(0),
      await list(ending, '9'),
    ]) {
      web.files.set(path, wrong);
      await expect(view.refresh()).rejects.toMatchObject({ code: 'repository.torn' });
    }
    web.files.delete(path);
    await expect(view.refresh()).rejects.toMatchObject({ code: 'repository.not-found' });
    expect(evrs(view)).toEqual(['1-1']);
    web.files.set(path, next);
    await view.refresh();
    expect(evrs(view)).toEqual(['1-1', '2-1']);
  });

  it('F-090 a connection that breaks in the middle leaves the last view', async () => {
    const view = await goodView();
    const path = publish(await list('gz', '2'), { revision: 2 });
    web.answers.set(path, (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write(Buffer.from([0x1f, 0x8b]));
      setTimeout(() => response.destroy(), 20);
    });
    await expect(view.refresh()).rejects.toMatchObject({ code: 'repository.unreachable' });
    expect(evrs(view)).toEqual(['1-1']);
  });

  it('F-092 a server that sends a byte now and then is left after the time for a look', async () => {
    const view = await goodView('gz', { ms: 500 });
    const path = publish(await list('gz', '2'), { revision: 2 });
    web.answers.set(path, (_request, response) => {
      const drip = setInterval(() => response.write('\0'), 100);
      response.on('close', () => clearInterval(drip));
    });
    const startedAt = performance.now();
    await expect(view.refresh()).rejects.toMatchObject({
      code: expect.stringMatching(/^repository/),
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(evrs(view)).toEqual(['1-1']);
  });

  it('H-087 redirects to another server are not followed, within the server they are', async () => {
    const view = await goodView();
    const other = await WebOfFiles.start();
    try {
      const redirect = (location: string) =>
        web.answers.set('repodata/repomd.xml', (_request, response) => {
          response.writeHead(302, { location }).end();
        });
      for (const to of [other.url, `http://localhost:${web.port}`]) {
        redirect(`${to}/repodata/repomd.xml`);
        await expect(view.refresh()).rejects.toMatchObject({ code: 'repository.untrusted' });
      }
      expect(other.requests).toEqual([]);
      redirect('/repodata/repomd.xml');
      await expect(view.refresh()).rejects.toThrow(/redirects more than/);
      web.files.set(
        'moved',
        Buffer.from(repomdXml('repodata/1-primary.xml.gz', await list('gz', '1'), 2)),
      );
      redirect('/moved');
      await view.refresh();
      expect(view.last.index?.revision).toBe('2');
    } finally {
      await other.stop();
    }
  });

  it('asks for the index with its ETag, and reads nothing when it is the same', async () => {
    publish(await list('gz', '1'));
    const conditions: unknown[] = [];
    web.answers.set('repodata/repomd.xml', (request, response) => {
      conditions.push(request.headers['if-none-match']);
      response.setHeader('etag', '"a"');
      if (request.headers['if-none-match'] === '"a"') response.writeHead(304).end();
      else response.end(web.files.get('repodata/repomd.xml'));
    });
    const view = viewOf(web.url);
    expect(await view.refresh()).toBe(true);
    expect(await view.refresh()).toBe(false);
    expect(conditions).toEqual([undefined, '"a"']);
    expect(web.requests.filter((request) => request.includes('primary'))).toHaveLength(1);
  });

  it(
    'H-085 a million packages are read in little memory, or refused at the limit',
    async () => {
      publish(manyPackages(1_000));
      const view = viewOf(web.url);
      let peak = 0;
      const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
      const before = process.memoryUsage().rss;
      try {
        await view.refresh();
      } finally {
        clearInterval(watch);
      }
      expect(view.last.listing.packages).toBe(1_000_001);
      expect(evrs(view)).toEqual(['1-1']);
      expect(peak - before).toBeLessThan(200 * MIB);
      const strict = viewOf(web.url, { packages: 10_000 });
      await expect(strict.refresh()).rejects.toThrow(/more than 10000 packages/);
    },
    LIMIT,
  );
});
