import { describe, expect, it } from '@jest/globals';
import { batchSize, maxOut, minInService, type CapacityRule } from './capacity.js';

/** The strategy of the table: two thirds stay, one third may be out. */
const thirds: CapacityRule = {
  absoluteMin: 1,
  minPercent: 66,
  maxUnavailablePercent: 33,
  maxParallel: 1_000,
};
const more: CapacityRule = { ...thirds, maxUnavailablePercent: 34 };
const oneByOne: CapacityRule = { absoluteMin: 1, minPercent: 0, maxParallel: 1 };

describe('how many may leave a pool now', () => {
  it.each([
    { what: 'one member', size: 1, up: 1, stay: 1, mayBeOut: 0, leave: 0 },
    { what: 'two members', size: 2, up: 2, stay: 2, mayBeOut: 0, leave: 0 },
    { what: 'two, one by one', rule: oneByOne, size: 2, up: 2, stay: 1, mayBeOut: 1, leave: 1 },
    { what: 'three: a third of three', size: 3, up: 3, stay: 2, mayBeOut: 0, leave: 0 },
    { what: 'three: 34 % of three', rule: more, size: 3, up: 3, stay: 2, mayBeOut: 1, leave: 1 },
    { what: 'four members', size: 4, up: 4, stay: 3, mayBeOut: 1, leave: 1 },
    { what: 'four, one is down already', size: 4, up: 3, stay: 3, mayBeOut: 1, leave: 0 },
    { what: 'six members', size: 6, up: 6, stay: 4, mayBeOut: 1, leave: 1 },
    { what: 'nine members', size: 9, up: 9, stay: 6, mayBeOut: 2, leave: 2 },
    { what: 'nine, two promised', size: 9, up: 9, reserved: 2, stay: 6, mayBeOut: 2, leave: 1 },
    { what: 'nine, two are down', size: 9, up: 7, stay: 6, mayBeOut: 2, leave: 1 },
    { what: 'ten members', size: 10, up: 10, stay: 7, mayBeOut: 3, leave: 3 },
    { what: 'ten, one is down', size: 10, up: 9, reserved: 2, stay: 7, mayBeOut: 3, leave: 0 },
    { what: 'a hundred members', size: 100, up: 100, stay: 66, mayBeOut: 33, leave: 33 },
    { what: 'a hundred, thirty are down', size: 100, up: 70, stay: 66, mayBeOut: 33, leave: 4 },
  ])('$what: $leave', ({ rule = thirds, size, up, reserved = 0, stay, mayBeOut, leave }) => {
    expect(minInService(rule, size)).toBe(stay);
    expect(maxOut(rule, size)).toBe(mayBeOut);
    expect(batchSize(rule, { size, inService: up, reserved })).toBe(leave);
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
