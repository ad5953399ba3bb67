import { describe, expect, it } from '@jest/globals';
import { PrimaryReader } from './primary-reader.js';

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
  size: '1234',
  href: 'shop-1.10-1.noarch.rpm',
  more: '',
};
type Entry = Partial<typeof USUAL>;

const entry = (change: Entry = {}): string => {
  const of = { ...USUAL, ...change };
  const { name, arch, epoch, ver, rel, sumType, sum, build, size, href, more } = of;
  return `
<package type="rpm">
  <name>${name}</name><arch>${arch}</arch>
  <version epoch="${epoch}" ver="${ver}" rel="${rel}"/>
  <checksum type="${sumType}" pkgid="YES">${sum}</checksum>
  <summary>A &amp; B &lt;shop&gt;</summary>
  <time file="1" build="${build}"/>
  <size package="${size}" installed="1" archive="1"/>
  <location href="${href}"/>
  <format><rpm:license>MIT</rpm:license>${more}</format>
</package>`;
};
const metadata = (...entries: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${entries.length}">${entries.join('')}</metadata>`;
const LIMITS = { packages: 100, builds: 10 };
function parse(xml: string, pieces = 1_000_000, limits = LIMITS) {
  const reader = new PrimaryReader({ repository: 'releases', watched: new Set(['shop']), limits });
  for (let at = 0; at < xml.length; at += pieces) reader.write(xml.slice(at, at + pieces));
  return reader.end();
}
const read = (...entries: string[]) => parse(metadata(...entries));
const NONE_REFUSED = { count: 0, reasons: [], names: new Set() };

describe('the list of packages', () => {
  it('tells everything that pins a build', () => {
    expect(read(entry())).toEqual({
      packages: 1,
      refused: NONE_REFUSED,
      lookAlikes: [],
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
    ['H-085 a version with odd characters', { ver: '1.0 rm -rf' }],
    ['H-085 a version with look-alike letters', { ver: '1.\u0430' }],
    ['H-085 a version with quotes and substitution', { ver: '1&quot;$(id)`' }],
    ['H-085 an empty release', { rel: '' }],
    ['H-085 an empty version', { ver: '' }],
    ['H-085 an epoch that is no number', { epoch: '1:0' }],
    ['H-085 an architecture with a path', { arch: '../x' }],
    ['H-085 a version longer than a stream can be named', { ver: '1'.repeat(125) }],
    ['a size that is no number', { size: '1e3' }],
    ['a location on another server', { href: 'http://169.254.169.254/shop.rpm' }],
    ['a location outside', { href: '../../etc/passwd' }],
    ['a location outside, in disguise', { href: 'a/%2e%2E/%2e./passwd' }],
    ['an absolute location', { href: '/etc/passwd' }],
    ['a negative build time', { build: -1 }],
  ])('refuses %s, and only that entry', (_name, bad) => {
    const listed = read(entry(bad), entry({ ver: '2' }));
    expect(listed.artifacts.map(({ evr }) => evr)).toEqual(['2-1']);
    expect(listed.refused).toEqual({
      count: 1,
      reasons: [expect.stringMatching(/^shop "[^"]*.*": \w+/)],
      names: new Set(['shop']),
    });
  });

  const list = (relation: string, ...names: readonly string[]) =>
    `<rpm:${relation}>${names.map((name) => `<rpm:entry name="${name}" flags="EQ" epoch="0" ver="1"/>`).join('')}</rpm:${relation}>`;

  it('H-083 tells the plain names that a package provides and obsoletes, other than its own', () => {
    const more =
      list('provides', 'webshop', 'shop', 'shop(x86-64)', 'lib.so()(64bit)', 'cart') +
      list('requires', 'bash') +
      list('obsoletes', 'old-shop', 'old-shop', 'shop');
    const [one, next] = read(entry({ more }), entry({ ver: '2' })).artifacts;
    expect(one?.inspection).toEqual({ provides: ['cart', 'webshop'], obsoletes: ['old-shop'] });
    expect(next?.inspection).toBeUndefined();
  });

  it('H-083 hears of names also when the name of the package comes last, or the prefix is another', () => {
    const late = entry({ more: list('obsoletes', 'cart') })
      .replace('<name>shop</name>', '')
      .replace('</format>', '</format><name>shop</name>')
      .replaceAll('rpm:', 'x:');
    expect(read(late).artifacts[0]?.inspection).toEqual({ obsoletes: ['cart'] });
  });

  it('H-083 refuses a package with more names than anybody reads, instead of reading some of them', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `cart-${at}`);
    for (const relation of ['provides', 'obsoletes']) {
      const listed = read(entry({ more: list(relation, ...many(201)) }));
      expect(listed.artifacts).toEqual([]);
      expect(listed.refused.reasons).toEqual([
        expect.stringContaining('more than 200 plain names'),
      ]);
    }
    expect(read(entry({ more: list('provides', ...many(200)) })).artifacts).toHaveLength(1);
  });

  it('H-083 notices names that look like a watched one and have an epoch above its builds', () => {
    const alike = (name: string, epoch = '2') => entry({ name, epoch });
    const listed = read(
      entry({ epoch: '1' }),
      ...['Shop', 'sh0p', 'sh\u043ep', 's-h_o.p', 'shops', 'workshop'].map((name) => alike(name)),
      alike('SHOP', '1'),
      alike('shop_', '0'),
    );
    expect(listed.lookAlikes).toEqual([
      '"Shop" 2:1.10-1 looks like shop',
      '"sh0p" 2:1.10-1 looks like shop',
      '"sh\u043ep" 2:1.10-1 looks like shop',
      '"s-h_o.p" 2:1.10-1 looks like shop',
    ]);
    expect(listed.artifacts).toHaveLength(1);
  });

  it('H-085 names the first of many entries that it refuses, and counts all', () => {
    const many = Array.from({ length: 90 }, () => entry({ rel: '' }));
    const { refused, artifacts } = read(...many, entry());
    expect(refused.count).toBe(90);
    expect(refused.reasons).toHaveLength(50);
    expect(artifacts).toHaveLength(1);
  });

  it('H-085 refuses more packages, or more builds, than it may read', () => {
    const others = Array.from({ length: 101 }, () => entry({ name: 'other' }));
    expect(() => read(...others)).toThrow(/more than 100 packages/);
    const ours = Array.from({ length: 11 }, (_, at) => entry({ ver: String(at) }));
    expect(() => read(...ours)).toThrow(/more than 10 builds/);
  });

  it('reads the same however the document is cut into pieces', () => {
    const xml = metadata(entry(), entry({ ver: '2&#46;1', build: 1_700_000_001 }));
    const whole = parse(xml);
    expect(whole.artifacts.map(({ evr }) => evr)).toEqual(['1.10-1', '2.1-1']);
    for (const pieces of [1, 2, 3, 7, 64]) expect(parse(xml, pieces)).toEqual(whole);
  });

  it('H-078 refuses a piece that never ends, and nesting without end', () => {
    const endless = `<metadata><package type="rpm"><name>${'x'.repeat(5_000_000)}`;
    expect(() => parse(endless, 65_536)).toThrow(/one piece of more than/);
    expect(() => parse('<metadata>' + '<a>'.repeat(40))).toThrow(/nested deeper/);
  });

  it('H-078 knows no entity but those of XML itself', () => {
    expect(() => read(entry({ ver: '&bomb;' }))).toThrow(
      expect.objectContaining({ code: 'repository.torn' }),
    );
  });

  it('knows an empty repository from one it cannot read', () => {
    expect(read()).toEqual({
      packages: 0,
      artifacts: [],
      refused: NONE_REFUSED,
      lookAlikes: [],
    });
    expect(() => parse('<other/>')).toThrow(/no list of packages/);
  });

  it.each([
    ['an entity', '<!DOCTYPE x [<!ENTITY a "b">]>'],
    ['an external entity', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'],
    ['entities that grow', `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(99)}"><!ENTITY c "&a;&a;">]>`],
    ['nothing but its name', '<!DOCTYPE metadata>'],
  ])('H-078 refuses a document type with %s', (_name, head) => {
    const xml = metadata(entry()).replace('<metadata', `${head}<metadata`);
    expect(() => parse(xml)).toThrow(expect.objectContaining({ code: 'repository.unusable' }));
  });

  it('F-090 is torn wherever it was cut', () => {
    const whole = metadata(entry());
    for (let length = 60; length < whole.length; length += 37) {
      expect(() => parse(whole.slice(0, length))).toThrow(
        expect.objectContaining({ code: 'repository.torn' }),
      );
    }
  });
});
