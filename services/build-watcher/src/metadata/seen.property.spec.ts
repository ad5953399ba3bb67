import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Artifact } from './artifact.js';
import { NOTHING } from './listing.js';
import { isOlder } from './revision.js';
import { differenceOf, unseen, type Seen } from './seen.js';

const WATCHED = new Set(['shop']);
const artifact = (version: number): Artifact =>
  ({ name: 'shop', evr: `${version}-1`, arch: 'noarch', sha256: 'a'.repeat(64) }) as Artifact;
const look = fc.record({
  revision: fc.integer({ min: 1, max: 6 }),
  versions: fc.uniqueArray(fc.integer({ min: 1, max: 4 })),
  refused: fc.boolean(),
});

describe('what is taken for gone', () => {
  it('F-090 is always something that was listed before and is not now, by a newer index', () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 12 }), (looks) => {
        let seen: Seen = unseen('https://rpm.example.net');
        let emptyInARow: number[] = [];
        for (const { revision, versions, refused } of looks) {
          const index = { revision: String(revision), timestamp: revision };
          const names = new Set(refused ? ['shop'] : []);
          const artifacts = versions.map(artifact);
          const listing = { ...NOTHING, artifacts, refused: { ...NOTHING.refused, names } };
          emptyInARow = versions.length > 0 ? [] : [...emptyInARow, revision];
          const difference = differenceOf(seen, { index, listing }, WATCHED);
          const before = seen.builds.map(({ evr }) => evr);
          for (const { evr } of difference.gone) {
            expect(before).toContain(evr);
            expect(versions).not.toContain(Number(evr.split('-')[0]));
            expect(seen.listedAt && isOlder(seen.listedAt, index)).toBe(true);
            expect(refused).toBe(false);
            if (versions.length === 0) expect(new Set(emptyInARow).size).toBeGreaterThan(1);
          }
          // Nothing is lost: what was known is listed, gone, or still known.
          const after = difference.seen.builds.map(({ evr }) => evr);
          const gone = difference.gone.map(({ evr }) => evr);
          expect([...after, ...gone]).toEqual(expect.arrayContaining(before));
          seen = difference.seen;
        }
      }),
    );
  });

  it('is nothing between two states of one second, and told with the next', () => {
    const at = (revision: number, ...versions: number[]) => ({
      index: { revision: String(revision), timestamp: revision },
      listing: { ...NOTHING, artifacts: versions.map(artifact) },
    });
    const first = differenceOf(unseen('x'), at(5, 1, 2), WATCHED);
    const same = differenceOf(first.seen, at(5, 2), WATCHED);
    expect(same.gone).toEqual([]);
    expect(differenceOf(same.seen, at(6, 2), WATCHED).gone).toMatchObject([{ evr: '1-1' }]);
  });
});
