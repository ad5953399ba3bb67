import { beforeEach, describe, expect, it } from '@jest/globals';
import { BuildObserved, type DataOf } from '@gantry/contracts';
import type { Artifact, Listing } from '../metadata/primary.js';
import type { RepositoryView } from '../metadata/repository-view.js';
import { notFound } from '../ports/repository-error.js';
import { RepositoryWatcher } from './repository-watcher.js';
import type { WatcherMetrics } from './watcher-metrics.js';

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

describe('the watcher of a repository', () => {
  let listed: readonly Artifact[];
  let readable: boolean;
  let sizes: Map<string, number>;
  let brokerUp: boolean;
  let published: { evr: string; sha: string; subject: string | undefined }[];
  let watcher: RepositoryWatcher;
  let failures: number;

  const take = () => published.splice(0).map(({ evr }) => evr);

  beforeEach(() => {
    listed = [artifact('1'), artifact('2')];
    readable = true;
    brokerUp = true;
    sizes = new Map([1, 2, 3].map((version) => [`shop-${version}.rpm`, 10]));
    published = [];
    failures = 0;
    let last: Listing = { artifacts: [], refused: [] };
    const view = {
      get last() {
        return last;
      },
      refresh: () => {
        if (!readable) return Promise.reject(notFound('repomd.xml'));
        last = { artifacts: listed, refused: [] };
        return Promise.resolve(true);
      },
    } as unknown as RepositoryView;
    watcher = new RepositoryWatcher({
      repository: 'releases',
      view,
      files: {
        read: () => Promise.reject(new Error('not read here')),
        size: (path) => {
          const size = sizes.get(path);
          return size === undefined ? Promise.reject(notFound(path)) : Promise.resolve(size);
        },
      },
      bus: {
        publish: (_definition, data, { subject }) => {
          if (!brokerUp) return Promise.reject(new Error('broker gone'));
          const { evr, sha256 } = data as DataOf<typeof BuildObserved>;
          published.push({ evr, sha: sha256, subject });
          return Promise.resolve();
        },
      },
      log: { log: () => undefined, warn: () => undefined },
      metrics: {
        read: () => undefined,
        failed: () => void (failures += 1),
      } as unknown as WatcherMetrics,
    });
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

  it('announces a build again when its content is another', async () => {
    await watcher.look();
    take();
    listed = [artifact('1'), artifact('2', 'b')];
    await watcher.look();
    expect(published).toMatchObject([{ evr: '2-1', sha: 'b'.repeat(64) }]);
  });

  it('says nothing when builds are not listed any more, nor when they are again', async () => {
    await watcher.look();
    take();
    const all = listed;
    listed = [];
    await watcher.look();
    listed = all;
    await watcher.look();
    expect(take()).toEqual([]);
  });

  it('announces everything again after the broker failed', async () => {
    await watcher.look();
    take();
    listed = [...listed, artifact('3')];
    brokerUp = false;
    await watcher.look();
    brokerUp = true;
    await watcher.look();
    expect(take()).toEqual(['1-1', '2-1', '3-1']);
  });

  it('keeps announcing from the last view while the repository cannot be read', async () => {
    await watcher.look();
    take();
    readable = false;
    watcher.forget();
    await watcher.look();
    expect(take()).toEqual(['1-1', '2-1']);
    expect(failures).toBe(1);
  });

  it('waits with a build until it can be fetched whole', async () => {
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
