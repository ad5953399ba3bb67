import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { notFound } from '../ports/repository-error.js';
import type { ReadOptions, Validators } from '../ports/repository-files.port.js';
import { RepositoryView } from './repository-view.js';

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const sha = (seed: string): string => hash(Buffer.from(seed));

function primaryOf(versions: readonly string[]): Buffer {
  const entries = versions.map(
    (version) => `<package type="rpm"><name>shop</name><arch>noarch</arch>
      <version epoch="0" ver="${version}" rel="1"/>
      <checksum type="sha256" pkgid="YES">${sha(version)}</checksum>
      <time file="1" build="1"/><size package="1" installed="1" archive="1"/>
      <location href="shop-${version}.rpm"/></package>`,
  );
  return gzipSync(`<metadata packages="${entries.length}">${entries.join('')}</metadata>`);
}

const LIMITS = { packedBytes: 1e6, openBytes: 1e6, ratio: 50, packages: 100, builds: 9, ms: 9_000 };

const repomdOf = (primary: Buffer, path: string, checksum = hash(primary)): string =>
  `<repomd><revision>1</revision>
    <data type="filelists"><checksum type="sha256">${'0'.repeat(64)}</checksum><location href="repodata/f.xml.gz"/></data>
    <data type="primary"><checksum type="sha256">${checksum}</checksum><location href="${path}"/></data></repomd>`;

/** A repository whose files change between two reads, as createrepo_c makes them change. */
class ChangingFiles {
  readonly files = new Map<string, Buffer>();
  readonly paths: string[] = [];
  validators: Validators | undefined;
  before: (path: string) => void = () => undefined;

  publish(...versions: string[]): void {
    const primary = primaryOf(versions);
    const path = `repodata/${hash(primary)}-primary.xml.gz`;
    this.files.clear();
    this.files.set('repodata/repomd.xml', Buffer.from(repomdOf(primary, path)));
    this.files.set(path, primary);
  }

  read(path: string, { known }: Pick<ReadOptions, 'known'>) {
    this.before(path);
    this.paths.push(path);
    const bytes = this.files.get(path);
    if (!bytes) return Promise.reject(notFound(path));
    if (known && known.etag === this.validators?.etag) return Promise.resolve('unchanged' as const);
    return Promise.resolve({ bytes, ...(this.validators ? { validators: this.validators } : {}) });
  }

  async *stream(path: string): AsyncGenerator<Uint8Array> {
    const found = await this.read(path, {});
    if (found !== 'unchanged') yield found.bytes;
  }

  size(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

describe('the view of a repository', () => {
  let files: ChangingFiles;
  let view: RepositoryView;
  const versions = () => view.last.listing.artifacts.map(({ evr }) => evr);

  beforeEach(() => {
    files = new ChangingFiles();
    const packages = new Set(['shop']);
    view = new RepositoryView({
      repository: 'releases',
      packages,
      files,
      limits: LIMITS,
      pause: () => Promise.resolve(),
    });
  });

  it('reads the list again only when its checksum is another one', async () => {
    files.publish('1');
    expect(await view.refresh()).toBe(true);
    files.files.set(
      'repodata/repomd.xml',
      Buffer.from(
        String(files.files.get('repodata/repomd.xml')).replace('<revision>1', '<revision>2'),
      ),
    );
    expect(await view.refresh()).toBe(false);
    expect(files.paths.filter((path) => path.includes('primary'))).toHaveLength(1);
    files.publish('1', '2');
    expect(await view.refresh()).toBe(true);
    expect(versions()).toEqual(['1-1', '2-1']);
  });

  it('F-090 reads all again when the folder was swapped between index and list', async () => {
    files.publish('1');
    let swaps = 0;
    files.before = (path) => {
      if (path.includes('primary') && swaps < 2) files.publish('1', `2.${(swaps += 1)}`);
    };
    await view.refresh();
    expect(swaps).toBe(2);
    expect(versions()).toEqual(['1-1', '2.2-1']);
  });

  it('F-090 reads all again when the index is missing for a moment', async () => {
    files.publish('1');
    const index = files.files.get('repodata/repomd.xml')!;
    files.files.delete('repodata/repomd.xml');
    let looks = 0;
    files.before = () => {
      looks += 1;
      if (looks === 3) files.files.set('repodata/repomd.xml', index);
    };
    expect(await view.refresh()).toBe(true);
  });

  it('F-090 F-092 keeps the last whole view when it cannot get a new one', async () => {
    files.publish('1', '2');
    await view.refresh();
    const primary = primaryOf([]);
    files.files.set('repodata/repomd.xml', Buffer.from(repomdOf(primary, 'repodata/p.xml.gz')));
    files.files.set('repodata/p.xml.gz', primaryOf(['9']));
    await expect(view.refresh()).rejects.toMatchObject({ code: 'repository.torn' });
    expect(versions()).toEqual(['1-1', '2-1']);
    files.files.clear();
    await expect(view.refresh()).rejects.toMatchObject({ code: 'repository.not-found' });
    expect(versions()).toEqual(['1-1', '2-1']);
  });

  it('says clearly what it does not read', async () => {
    const primary = primaryOf([]);
    files.files.set('repodata/repomd.xml', Buffer.from(repomdOf(primary, 'repodata/p.xml.bz2')));
    files.files.set('repodata/p.xml.bz2', primary);
    await expect(view.refresh()).rejects.toMatchObject({
      code: 'repository.unusable',
      message: expect.stringContaining('not packed with gz, xz or zst'),
    });
  });

  it('asks for the index again only when it is another one', async () => {
    files.publish('1');
    files.validators = { etag: '"a"' };
    await view.refresh();
    files.files.set(
      'repodata/repomd.xml',
      Buffer.from('not read, because the server says it is the same'),
    );
    expect(await view.refresh()).toBe(false);
    files.publish('1', '2');
    files.validators = { etag: '"b"' };
    expect(await view.refresh()).toBe(true);
    expect(versions()).toEqual(['1-1', '2-1']);
  });

  it('does not follow an index that leads out of the repository', async () => {
    const primary = primaryOf([]);
    const index = repomdOf(primary, '../secret/p.xml.gz');
    files.files.set('repodata/repomd.xml', Buffer.from(index));
    await expect(view.refresh()).rejects.toMatchObject({ code: 'repository.unusable' });
  });
});
