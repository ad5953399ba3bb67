import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { notFound } from '../ports/repository-error.js';
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

const repomdOf = (primary: Buffer, path: string, checksum = hash(primary)): string =>
  `<repomd><revision>1</revision>
    <data type="filelists"><checksum type="sha256">${'0'.repeat(64)}</checksum><location href="repodata/f.xml.gz"/></data>
    <data type="primary"><checksum type="sha256">${checksum}</checksum><location href="${path}"/></data></repomd>`;

/** A repository whose files change between two reads, as createrepo_c makes them change. */
class ChangingFiles {
  readonly files = new Map<string, Buffer>();
  readonly paths: string[] = [];
  before: (path: string) => void = () => undefined;

  publish(...versions: string[]): void {
    const primary = primaryOf(versions);
    const path = `repodata/${hash(primary)}-primary.xml.gz`;
    this.files.clear();
    this.files.set('repodata/repomd.xml', Buffer.from(repomdOf(primary, path)));
    this.files.set(path, primary);
  }

  read(path: string): Promise<Buffer> {
    this.before(path);
    this.paths.push(path);
    const found = this.files.get(path);
    return found ? Promise.resolve(found) : Promise.reject(notFound(path));
  }

  size(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

describe('the view of a repository', () => {
  let files: ChangingFiles;
  let view: RepositoryView;
  const versions = () => view.last.artifacts.map(({ evr }) => evr);

  beforeEach(() => {
    files = new ChangingFiles();
    const packages = new Set(['shop']);
    view = new RepositoryView({
      repository: 'releases',
      packages,
      files,
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

  it('reads all again when the folder was swapped between index and list', async () => {
    files.publish('1');
    let swaps = 0;
    files.before = (path) => {
      if (path.includes('primary') && swaps < 2) files.publish('1', `2.${(swaps += 1)}`);
    };
    await view.refresh();
    expect(swaps).toBe(2);
    expect(versions()).toEqual(['1-1', '2.2-1']);
  });

  it('reads all again when the index is missing for a moment', async () => {
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

  it('keeps the last whole view when it cannot get a new one', async () => {
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

  it.each(['xz', 'zst', 'bz2'])('says clearly that it does not read %s yet', async (ending) => {
    const primary = primaryOf([]);
    const path = `repodata/p.xml.${ending}`;
    files.files.set('repodata/repomd.xml', Buffer.from(repomdOf(primary, path)));
    files.files.set(path, primary);
    await expect(view.refresh()).rejects.toMatchObject({
      code: 'repository.unusable',
      message: expect.stringContaining(`${ending}, which is not supported yet`),
    });
  });

  it('does not follow an index that leads out of the repository', async () => {
    const primary = primaryOf([]);
    const index = repomdOf(primary, '../secret/p.xml.gz');
    files.files.set('repodata/repomd.xml', Buffer.from(index));
    await expect(view.refresh()).rejects.toMatchObject({ code: 'repository.unusable' });
  });
});
