import { describe, expect, it } from '@jest/globals';
import { parsePrimary } from './primary.js';

const SUM = 'ab'.repeat(32);
const USUAL = {
  name: 'shop',
  arch: 'noarch',
  epoch: '0',
  ver: '1.10',
  rel: '1',
  sumType: 'sha256',
  sum: SUM,
  build: 1_700_000_000,
  href: 'shop-1.10-1.noarch.rpm',
};
type Entry = Partial<typeof USUAL>;

const entry = (change: Entry = {}): string => {
  const { name, arch, epoch, ver, rel, sumType, sum, build, href } = { ...USUAL, ...change };
  return `
<package type="rpm">
  <name>${name}</name><arch>${arch}</arch>
  <version epoch="${epoch}" ver="${ver}" rel="${rel}"/>
  <checksum type="${sumType}" pkgid="YES">${sum}</checksum>
  <summary>A &amp; B &lt;shop&gt;</summary>
  <time file="1" build="${build}"/>
  <size package="1234" installed="1" archive="1"/>
  <location href="${href}"/>
  <format><rpm:license>MIT</rpm:license></format>
</package>`;
};
const metadata = (...entries: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${entries.length}">${entries.join('')}</metadata>`;
const read = (...entries: string[]) =>
  parsePrimary(metadata(...entries), 'releases', new Set(['shop']));

describe('the list of packages', () => {
  it('tells everything that pins a build', () => {
    expect(read(entry())).toEqual({
      refused: [],
      artifacts: [
        {
          repository: 'releases',
          name: 'shop',
          evr: '1.10-1',
          arch: 'noarch',
          sha256: SUM,
          sizeBytes: 1234,
          builtAt: '2023-11-14T22:13:20.000Z',
          location: 'shop-1.10-1.noarch.rpm',
        },
      ],
    });
  });

  it.each([
    ['0', '1.10-1'],
    ['', '1.10-1'],
    ['2', '2:1.10-1'],
  ])('writes epoch %j as %s', (epoch, evr) => {
    expect(read(entry({ epoch })).artifacts.map((each) => each.evr)).toEqual([evr]);
  });

  it('keeps every version, oldest build first, and leaves out other names and sources', () => {
    const listed = read(
      entry({ ver: '3', build: 30 }),
      entry({ ver: '1', build: 10 }),
      entry({ name: 'other' }),
      entry({ ver: '2~rc1', build: 20 }),
      entry({ ver: '9', arch: 'src' }),
    );
    expect(listed.artifacts.map(({ evr }) => evr)).toEqual(['1-1', '2~rc1-1', '3-1']);
  });

  it.each<[string, Entry]>([
    ['a checksum that pins nothing', { sumType: 'sha1', sum: 'ab'.repeat(20) }],
    ['a checksum that is none', { sum: 'xyz' }],
    ['a version of another form', { ver: '1.0 rm -rf' }],
    ['a location on another server', { href: 'http://169.254.169.254/shop.rpm' }],
    ['a location outside', { href: '../../etc/passwd' }],
    ['a location outside, in disguise', { href: 'a/%2e%2E/%2e./passwd' }],
    ['an absolute location', { href: '/etc/passwd' }],
    ['a negative build time', { build: -1 }],
  ])('refuses %s, and only that entry', (_name, bad) => {
    const listed = read(entry(bad), entry({ ver: '2' }));
    expect(listed.artifacts.map(({ evr }) => evr)).toEqual(['2-1']);
    expect(listed.refused).toEqual([expect.stringMatching(/^shop: /)]);
  });

  it('knows an empty repository from one it cannot read', () => {
    expect(read()).toEqual({ artifacts: [], refused: [] });
    expect(() => parsePrimary('<other/>', 'releases', new Set())).toThrow(/no list of packages/);
  });

  it.each([
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]>', 'repository.unusable'],
    ['a document type in small letters', '<!doctype x>', 'repository.unusable'],
  ])('refuses %s', (_name, head, code) => {
    const xml = metadata(entry()).replace('<metadata', `${head}<metadata`);
    expect(() => parsePrimary(xml, 'releases', new Set())).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('is torn wherever it was cut', () => {
    const whole = metadata(entry());
    for (let length = 60; length < whole.length; length += 37) {
      expect(() => parsePrimary(whole.slice(0, length), 'releases', new Set())).toThrow(
        expect.objectContaining({ code: 'repository.torn' }),
      );
    }
  });
});
