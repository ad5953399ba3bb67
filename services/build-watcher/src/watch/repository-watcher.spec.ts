import { beforeEach, describe, expect, it } from '@jest/globals';
import { BuildObserved, type DataOf } from '@gantry/contracts';
import { Registry } from 'prom-client';
import type { Artifact } from '../metadata/artifact.js';
import { NOTHING } from '../metadata/listing.js';
import type { View } from '../metadata/repository-view.js';
import type { Seen } from '../metadata/seen.js';
import { notFound } from '../ports/repository-error.js';
import { unusableKeys } from '../adapters/package-keys.js';
import { Announcer } from './announcer.js';
import { Cursor } from './cursor.js';
import { RepositoryWatcher } from './repository-watcher.js';
import { WatcherMetrics } from './watcher-metrics.js';

const artifact = (version: string, sha = 'a'): Artifact =>
  BuildObserved.schema.parse({
    repository: 'releases',
    name: 'shop',
    evr: `${version}-1`,
    arch: 'noarch',
    sha256: sha.repeat(64),
    sizeBytes: 10,
    builtAt: '2026-01-01T00:00:00.000Z',
    location: `shop-${version}.rpm`,
  });

const primary = {
  path: 'repodata/primary.xml.gz',
  checksum: { algorithm: 'sha256' as const, hex: 'f'.repeat(64) },
};

describe('the watcher of a repository', () => {
  let listed: readonly Artifact[];
  let readable: boolean;
  let sizes: Map<string, number>;
  let brokerUp: boolean;
  let diskFull: boolean;
  let inspecting: 'unsigned' | 'fails' | 'no keys' | undefined;
  let published: {
    type: string;
    evr: string;
    sha: string;
    subject: string | undefined;
    signature: unknown;
  }[];
  let watcher: RepositoryWatcher;
  let kept: Seen | undefined;
  let revision: number;
  let now: string;

  const take = () =>
    published.splice(0).map(({ type, evr }) => (type === 'build.gone' ? `-${evr}` : evr));
  const start = (packages = ['shop']): RepositoryWatcher => {
    let last: View = { listing: NOTHING };
    const view = {
      get last() {
        return last;
      },
      refresh: () => {
        if (!readable) return Promise.reject(notFound('repomd.xml'));
        const index = { revision: String(revision), timestamp: revision, primary };
        if (last.index?.revision !== index.revision || last.listing.artifacts !== listed)
          last = { index, listing: { ...NOTHING, artifacts: listed } };
        return Promise.resolve(true);
      },
    };
    const store = {
      load: () => Promise.resolve(kept),
      save: (_repository: string, seen: Seen) => {
        if (diskFull) return Promise.reject(new Error('ENOSPC'));
        kept = seen;
        return Promise.resolve();
      },
    };
    return new RepositoryWatcher({
      repository: 'releases',
      packages: new Set(packages),
      view,
      files: {
        size: (path) => {
          const size = sizes.get(path);
          return size === undefined ? Promise.reject(notFound(path)) : Promise.resolve(size);
        },
      },
      inspector: inspecting && {
        inspect: (found) =>
          inspecting === 'no keys'
            ? Promise.reject(unusableKeys('/keys', 'it cannot be read'))
            : inspecting === 'fails'
              ? Promise.reject(notFound(found.location))
              : Promise.resolve({ ...found, inspection: { signature: { verdict: 'unsigned' } } }),
      },
      cursor: new Cursor({ repository: 'releases', url: 'https://rpm.example.net', store }),
      announcer: new Announcer('releases', {
        publish: (definition, data, { subject }) => {
          if (!brokerUp) return Promise.reject(new Error('broker gone'));
          const { evr, sha256, inspection } = data as DataOf<typeof BuildObserved>;
          const signature = inspection?.signature;
          published.push({ type: definition.type, evr, sha: sha256, subject, signature });
          return Promise.resolve();
        },
      }),
      log: { log: () => undefined, warn: () => undefined },
      metrics: new WatcherMetrics(new Registry()),
      clock: { now: () => new Date(now) },
    });
  };
  const publish = (...artifacts: readonly Artifact[]) => {
    revision += 1;
    listed = artifacts;
  };

  beforeEach(() => {
    listed = [artifact('1'), artifact('2')];
    readable = true;
    brokerUp = true;
    sizes = new Map([1, 2, 3].map((version) => [`shop-${version}.rpm`, 10]));
    published = [];
    inspecting = undefined;
    diskFull = false;
    kept = undefined;
    revision = 1_700_000_000;
    now = '2026-01-01T10:00:00.000Z';
    watcher = start();
  });

  it('announces every version once, in the stream of its build', async () => {
    await watcher.look();
    expect(published.map(({ subject }) => subject)).toEqual(['build-shop-1-1', 'build-shop-2-1']);
    take();
    await watcher.look();
    expect(take()).toEqual([]);
    listed = [...listed, artifact('3')];
    await watcher.look();
    expect(take()).toEqual(['3-1']);
  });

  it('F-088 tells that a build is gone when its file is not found twice in a row, though it is listed, and once', async () => {
    await watcher.look();
    take();
    sizes.delete('shop-2.rpm');
    await watcher.look();
    expect(take()).toEqual([]);
    await watcher.look();
    expect(take()).toEqual(['-2-1']);
    await watcher.look();
    expect(take()).toEqual([]);
    sizes.set('shop-2.rpm', 10);
    await watcher.look();
    expect(take()).toEqual(['2-1']);
  });

  it('F-088 says nothing of a file that is away for one look', async () => {
    await watcher.look();
    take();
    for (let round = 0; round < 3; round += 1) {
      sizes.delete('shop-1.rpm');
      await watcher.look();
      sizes.set('shop-1.rpm', 10);
      await watcher.look();
    }
    expect(take()).toEqual([]);
  });

  it('F-089 announces a build again when its content is another', async () => {
    await watcher.look();
    take();
    listed = [artifact('1'), artifact('2', 'b')];
    await watcher.look();
    expect(published).toMatchObject([{ evr: '2-1', sha: 'b'.repeat(64) }]);
  });

  it('F-089 announces content that was changed back, too', async () => {
    await watcher.look();
    for (const sha of ['b', 'a']) {
      publish(artifact('1'), artifact('2', sha));
      await watcher.look();
    }
    expect(published.slice(2).map(({ evr, sha }) => `${evr} ${sha[0]}`)).toEqual([
      '2-1 b',
      '2-1 a',
    ]);
  });

  it('F-089 announces both contents of a list that contradicts itself, and only once', async () => {
    listed = [artifact('1'), artifact('1', 'b')];
    await watcher.look();
    await watcher.look();
    expect(published.map(({ sha }) => sha[0])).toEqual(['a', 'b']);
  });

  it('tells what a newer state does not list any more, also after a restart in between', async () => {
    await watcher.look();
    watcher = start();
    publish(artifact('2'));
    take();
    await watcher.look();
    expect(take()).toEqual(['2-1', '-1-1']);
    await watcher.look();
    expect(take()).toEqual([]);
    publish(artifact('1'), artifact('2'));
    await watcher.look();
    expect(take()).toEqual(['1-1']);
  });

  it('tells again what is gone when the broker or the disk failed meanwhile', async () => {
    await watcher.look();
    publish(artifact('2'));
    take();
    brokerUp = false;
    await expect(watcher.look()).rejects.toThrow('broker gone');
    brokerUp = true;
    diskFull = true;
    await expect(watcher.look()).rejects.toThrow('ENOSPC');
    expect(take()).toContain('-1-1');
    diskFull = false;
    watcher = start();
    await watcher.look();
    expect(take()).toContain('-1-1');
    watcher = start();
    await watcher.look();
    expect(take()).toEqual(['2-1']);
  });

  it('F-090 does not take an empty list for the removal of everything until a newer one confirms it', async () => {
    await watcher.look();
    take();
    publish();
    await watcher.look();
    await watcher.look();
    expect(take()).toEqual([]);
    watcher = start();
    await watcher.look();
    expect(take()).toEqual([]);
    publish();
    await watcher.look();
    expect(take()).toEqual(['-1-1', '-2-1']);
  });

  it('F-090 F-092 never takes a failed look for a removal', async () => {
    await watcher.look();
    take();
    readable = false;
    publish();
    for (let look = 0; look < 3; look += 1) expect(await watcher.look()).toBe(false);
    expect(take()).toEqual([]);
  });

  it('says nothing of packages that are not watched any more', async () => {
    await watcher.look();
    take();
    watcher = start(['other']);
    publish(artifact('2'));
    await watcher.look();
    expect(take()).toEqual(['2-1']);
  });

  it('announces everything again after the broker failed', async () => {
    await watcher.look();
    take();
    listed = [...listed, artifact('3')];
    brokerUp = false;
    await expect(watcher.look()).rejects.toThrow('broker gone');
    brokerUp = true;
    await watcher.look();
    expect(take()).toEqual(['1-1', '2-1', '3-1']);
  });

  it('F-092 keeps announcing from the last view while the repository cannot be read', async () => {
    await watcher.look();
    take();
    readable = false;
    watcher.forget();
    await watcher.look();
    expect(take()).toEqual(['1-1', '2-1']);
  });

  it('F-092 says as of when the view is while the repository is away', async () => {
    expect(watcher.status).toMatchObject({ builds: 0 });
    expect(watcher.status.asOf).toBeUndefined();
    await watcher.look();
    readable = false;
    now = '2026-01-01T11:00:00.000Z';
    await watcher.look();
    expect(watcher.status).toMatchObject({
      asOf: '2026-01-01T10:00:00.000Z',
      problem: expect.stringContaining('repomd.xml does not exist'),
      builds: 2,
    });
    readable = true;
    await watcher.look();
    expect(watcher.status).toMatchObject({ asOf: now });
    expect(watcher.status.problem).toBeUndefined();
  });

  it('H-080 announces a build with what was found in its package, and not while that cannot be found out', async () => {
    inspecting = 'fails';
    watcher = start();
    await watcher.look();
    expect(take()).toEqual([]);
    inspecting = 'unsigned';
    await watcher.look();
    expect(published.map(({ evr, signature }) => [evr, signature])).toEqual([
      ['1-1', { verdict: 'unsigned' }],
      ['2-1', { verdict: 'unsigned' }],
    ]);
  });

  it('H-080 says once that the keys of packages are missing, announces nothing, and still tells what is gone', async () => {
    await watcher.look();
    take();
    inspecting = 'no keys';
    watcher = start();
    publish(artifact('2'));
    await expect(watcher.look()).rejects.toThrow(/The package keys \/keys cannot be used/);
    expect(take()).toEqual(['-1-1']);
  });

  it('H-088 waits with a build until it can be fetched whole', async () => {
    sizes.delete('shop-1.rpm');
    sizes.set('shop-2.rpm', 4);
    await watcher.look();
    expect(take()).toEqual([]);
    sizes.set('shop-1.rpm', 10);
    await watcher.look();
    expect(take()).toEqual(['1-1']);
    sizes.set('shop-2.rpm', 10);
    await watcher.look();
    expect(take()).toEqual(['2-1']);
  });
});
