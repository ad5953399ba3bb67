import { describe, expect, it } from '@jest/globals';
import { Evr } from '@gantry/contracts';
import { compareEvr } from './compare-evr.js';
import { parseEvr } from './parse-evr.js';

const evr = (text: string): Evr => Evr.parse(text);

describe('parseEvr', () => {
  it.each([
    ['1.2.0-1', { epoch: 0, version: '1.2.0', release: '1' }],
    ['2:1.2.0-1.el9', { epoch: 2, version: '1.2.0', release: '1.el9' }],
    ['999999999:1~rc1^git2-0.1', { epoch: 999_999_999, version: '1~rc1^git2', release: '0.1' }],
  ])('takes %s apart', (text, parts) => {
    expect(parseEvr(evr(text))).toEqual(parts);
  });
});

describe('compareEvr', () => {
  it.each([
    ['the epoch wins over any version', '1:0.1-1', '9.9-9', 1],
    ['epochs are numbers', '10:1-1', '9:1-1', 1],
    ['the version wins over the release', '1.2.1-1', '1.2.0-9', 1],
    ['the release decides between equal versions', '1.2.0-2', '1.2.0-10', -1],
    ['a pre-release is older than its release', '1.2.0~rc1-1', '1.2.0-1', -1],
    ['a snapshot after a release is newer than it', '1.2.0^git5-1', '1.2.0-1', 1],
    ['the distribution tag counts as part of the release', '1.0-1.el8', '1.0-1.el9', -1],
    ['leading zeros make no difference', '1.02-1', '1.2-01', 0],
    ['another separator makes no difference', '1_2-1', '1.2-1', 0],
  ] as const)('%s', (_title, left, right, order) => {
    expect(compareEvr(evr(left), evr(right))).toBe(order);
    expect(compareEvr(evr(right), evr(left))).toBe(order === 0 ? 0 : -order);
  });

  it('sorts a history of one package as rpm would install it', () => {
    const newestLast = [
      '1.0~rc1-1',
      '1.0~rc2-1',
      '1.0-1',
      '1.0-1.1',
      '1.0-2',
      '1.0^1-1',
      '1.0.1-1',
      '1.10-1',
      '1:0.9-1',
    ];
    expect(newestLast.map(evr).reverse().sort(compareEvr)).toEqual(newestLast);
  });
});
