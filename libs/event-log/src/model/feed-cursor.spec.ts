import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareCursors, feedCursor, parseFeedCursor } from './feed-cursor.js';

const number = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });

describe('a feed cursor', () => {
  it('is ordered by transaction number first, then by position, as numbers of any size', () => {
    fc.assert(
      fc.property(number, number, number, number, (xidA, positionA, xidB, positionB) => {
        const a = feedCursor(String(xidA), String(positionA));
        const b = feedCursor(String(xidB), String(positionB));
        const expected = xidA === xidB ? positionA - positionB : xidA - xidB;
        const sign = expected === 0n ? 0 : expected < 0n ? -1 : 1;
        expect(Math.sign(compareCursors(a, b))).toBe(sign);
      }),
    );
  });

  it('puts a higher position earlier when its transaction is older', () => {
    expect(compareCursors(feedCursor('9', '100'), feedCursor('10', '99'))).toBeLessThan(0);
  });

  it.each(['', '1', '1:', ':1', '1:2:3', '-1:2', '1:2 ', "1:2'; DROP TABLE", '1e3:4'])(
    'cannot be read from %j',
    (text) => {
      expect(() => parseFeedCursor(text)).toThrow(/not a feed cursor/);
    },
  );
});
