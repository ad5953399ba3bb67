import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildKey } from './build-key.js';
import { Evr, PackageName, StreamKey } from './ids.js';

/** Few letters, and all the awkward ones: collisions are found where texts are nearly the same. */
const name = fc.stringMatching(/^[a1][a1._+-]{0,5}$/).map((text) => PackageName.parse(text));
const evr = fc
  .stringMatching(/^(?:[12]:)?[a15f._+~^]{1,4}-[a15f._+~^]{1,3}$/)
  .map((text) => Evr.parse(text));

describe('buildKey', () => {
  it('can stand in a stream id', () => {
    fc.assert(
      fc.property(name, evr, (n, e) => StreamKey.safeParse(`build-${buildKey(n, e)}`).success),
      { numRuns: 2_000 },
    );
  });

  it('is the same for the same build only', () => {
    fc.assert(
      fc.property(name, evr, name, evr, (n1, e1, n2, e2) => {
        expect(buildKey(n1, e1) === buildKey(n2, e2)).toBe(n1 === n2 && e1 === e2);
      }),
      { numRuns: 5_000 },
    );
  });

  it('can be read back, so no two builds share one: the last two hyphens part name, version and release', () => {
    fc.assert(
      fc.property(name, evr, (n, e) => {
        const plain = buildKey(n, e).replace(/_([0-9a-f]{2})/g, (_all, hex: string) =>
          String.fromCharCode(parseInt(hex, 16)),
        );
        expect(plain).toBe(`${n}-${e}`);
        const [, readName, readEvr] = /^(.+)-([^-]+-[^-]+)$/.exec(plain) ?? [];
        expect([readName, readEvr]).toEqual([n, e]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('stays readable', () => {
    expect(buildKey(PackageName.parse('shop-web'), Evr.parse('2:1.4.0~rc1-1.el9'))).toBe(
      'shop-web-2_3a1.4.0_7erc1-1.el9',
    );
  });
});
