import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchSize, minInService, type CapacityRule, type PoolLoad } from './capacity.js';

const RUNS = 10_000;

const rule: fc.Arbitrary<CapacityRule> = fc.record({
  absoluteMin: fc.nat(20),
  minPercent: fc.nat(100),
  maxUnavailablePercent: fc.integer({ min: 1, max: 100 }),
  maxParallel: fc.integer({ min: 1, max: 50 }),
});
const load: fc.Arbitrary<PoolLoad> = fc
  .record({ size: fc.integer({ min: 1, max: 200 }), up: fc.nat(200), promised: fc.nat(200) })
  .map(({ size, up, promised }) => {
    const inService = Math.min(up, size);
    return { size, inService, reserved: Math.min(promised, inService) };
  });

/** The rule once more, by counting: takes members out one after the other for as long as everything still holds. */
function counted(
  { absoluteMin, minPercent, maxUnavailablePercent = 100, maxParallel }: CapacityRule,
  { size, inService, reserved }: PoolLoad,
): number {
  let out = 0;
  const enough = (left: number) =>
    left >= 1 && left >= absoluteMin && left * 100 >= size * minPercent;
  const allowed = (n: number) => n <= maxParallel && n * 100 <= size * maxUnavailablePercent;
  while (allowed(out + 1) && enough(inService - reserved - out - 1)) out += 1;
  return out;
}

describe('the capacity rule', () => {
  it('is what counting one member after the other comes to', () => {
    fc.assert(
      fc.property(rule, load, (r, l) => {
        expect(batchSize(r, l)).toBe(counted(r, l));
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves the minimum in service, also when everything promised goes as well', () => {
    fc.assert(
      fc.property(rule, load, (r, l) => {
        const batch = batchSize(r, l);
        if (batch > 0)
          expect(l.inService - l.reserved - batch).toBeGreaterThanOrEqual(minInService(r, l.size));
      }),
      { numRuns: RUNS },
    );
  });

  it('never allows more when fewer are up or more are promised', () => {
    fc.assert(
      fc.property(rule, load, (r, l) => {
        const fewer = { ...l, inService: Math.max(0, l.inService - 1) };
        const more = { ...l, reserved: l.reserved + 1 };
        expect(batchSize(r, fewer)).toBeLessThanOrEqual(batchSize(r, l));
        expect(batchSize(r, more)).toBeLessThanOrEqual(batchSize(r, l));
      }),
      { numRuns: RUNS },
    );
  });

  it('gives two planners together no more than one alone, if the second sees what the first promised', () => {
    const unlimited = rule.map((r) => ({ ...r, maxParallel: 1_000, maxUnavailablePercent: 100 }));
    fc.assert(
      fc.property(unlimited, load, fc.nat(200), (r, l, greed) => {
        const alone = batchSize(r, l);
        const first = Math.min(greed, alone);
        const second = batchSize(r, { ...l, reserved: l.reserved + first });
        expect(first + second).toBeLessThanOrEqual(alone);
      }),
      { numRuns: RUNS },
    );
  });
});
