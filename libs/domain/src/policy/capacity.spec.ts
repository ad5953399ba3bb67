import { describe, expect, it } from '@jest/globals';
import { batchSize, maxOut, minInService, type CapacityRule } from './capacity.js';

/** The strategy of the table: two thirds stay, one third may be out. */
const thirds: CapacityRule = {
  absoluteMin: 1,
  minPercent: 66,
  maxUnavailablePercent: 33,
  maxParallel: 1_000,
};
const oneByOne: CapacityRule = { absoluteMin: 1, minPercent: 0, maxParallel: 1 };

describe('how many may leave a pool now', () => {
  it.each([
    // members, in service, must stay, may be out by the rule, promised, may leave now
    ['one member', thirds, 1, 1, 1, 0, 0, 0],
    ['two members', thirds, 2, 2, 2, 0, 0, 0],
    ['two members, one by one', oneByOne, 2, 2, 1, 1, 0, 1],
    ['three members: a third of three is less than one', thirds, 3, 3, 2, 0, 0, 0],
    ['three members, 34 %', { ...thirds, maxUnavailablePercent: 34 }, 3, 3, 2, 1, 0, 1],
    ['four members', thirds, 4, 4, 3, 1, 0, 1],
    ['four members, one is down already', thirds, 4, 3, 3, 1, 0, 0],
    ['six members', thirds, 6, 6, 4, 1, 0, 1],
    ['nine members', thirds, 9, 9, 6, 2, 0, 2],
    ['nine members, two promised', thirds, 9, 9, 6, 2, 2, 1],
    ['nine members, two are down', thirds, 9, 7, 6, 2, 0, 1],
    ['ten members', thirds, 10, 10, 7, 3, 0, 3],
    ['ten members, one is down, two promised', thirds, 10, 9, 7, 3, 2, 0],
    ['a hundred members', thirds, 100, 100, 66, 33, 0, 33],
    ['a hundred members, thirty are down', thirds, 100, 70, 66, 33, 0, 4],
  ])('%s', (_name, rule, size, inService, stay, mayBeOut, reserved, leave) => {
    expect(minInService(rule, size)).toBe(stay);
    expect(maxOut(rule, size)).toBe(mayBeOut);
    expect(batchSize(rule, { size, inService, reserved })).toBe(leave);
  });

  it('never lets the last one go, whatever the strategy says', () => {
    const rule = { absoluteMin: 0, minPercent: 0, maxUnavailablePercent: 100, maxParallel: 9 };
    expect(batchSize(rule, { size: 1, inService: 1, reserved: 0 })).toBe(0);
    expect(batchSize(rule, { size: 4, inService: 4, reserved: 0 })).toBe(3);
  });

  it('reads percentages in decimal, not in binary', () => {
    // 100 * 7 / 100 is 7.000000000000001 in binary, and would round up to 8.
    expect(minInService({ absoluteMin: 1, minPercent: 7 }, 100)).toBe(7);
    expect(maxOut({ ...thirds, maxUnavailablePercent: 29 }, 100)).toBe(29);
  });
});
