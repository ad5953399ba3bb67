import { describe, expect, it } from '@jest/globals';
import { Evr } from '@gantry/contracts';
import fc from 'fast-check';
import { compareEvr } from './compare-evr.js';
import { rpmvercmp } from './rpmvercmp.js';

/** Short strings over few letters, so that equal prefixes and equal segments are common. */
const piece = fc.constantFrom(
  '0',
  '1',
  '01',
  '10',
  '9',
  'a',
  'b',
  'rc',
  'Z',
  '.',
  '_',
  '+',
  '~',
  '^',
);
const version = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
const evr = fc
  .tuple(fc.constantFrom('', '1:', '2:', '10:'), version, version)
  .map(([epoch, v, r]) => Evr.parse(`${epoch}${v}-${r}`));
const NEGATED = { [-1]: 1, 0: 0, 1: -1 } as const;
const RUNS = { numRuns: 5_000 };

describe.each([
  ['rpmvercmp', version, rpmvercmp],
  ['compareEvr', evr as fc.Arbitrary<string>, compareEvr as (a: string, b: string) => -1 | 0 | 1],
])('%s is a total order (texts of the same age count as one)', (_name, text, compare) => {
  it('is reflexive', () => {
    fc.assert(
      fc.property(text, (a) => compare(a, a) === 0),
      RUNS,
    );
  });

  it('is antisymmetric: swapped texts give the opposite answer', () => {
    fc.assert(
      fc.property(text, text, (a, b) => compare(a, b) === NEGATED[compare(b, a)]),
      RUNS,
    );
  });

  it('is transitive', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const [low, middle, high] = [a, b, c].sort(compare) as [string, string, string];
        expect(compare(low, middle)).toBeLessThanOrEqual(0);
        expect(compare(middle, high)).toBeLessThanOrEqual(0);
        expect(compare(low, high)).toBeLessThanOrEqual(0);
        if (compare(low, middle) < 0 || compare(middle, high) < 0) {
          expect(compare(low, high)).toBe(-1);
        }
      }),
      RUNS,
    );
  });

  it('takes texts that differ in separators and leading zeros only for interchangeable', () => {
    fc.assert(
      fc.property(text, text, (a, c) => {
        const [, head = '', body = ''] = /^([0-9]+:)?(.*)$/.exec(a) ?? [];
        const twin =
          head + body.replace(/[._+]/g, '_').replace(/[0-9]+/g, (digits) => `0${digits}`);
        expect(compare(a, twin)).toBe(0);
        expect(compare(twin, c)).toBe(compare(a, c));
      }),
      RUNS,
    );
  });
});
