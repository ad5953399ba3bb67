import { describe, expect, it } from '@jest/globals';
import { Strategy, StrategyOverride } from './strategy.js';

describe('Strategy', () => {
  it('is careful when nothing is said', () => {
    expect(Strategy.parse({})).toEqual({
      canary: { hosts: 1, bakeMs: 0 },
      maxOutOfService: 1,
      maxUnavailablePercent: 33,
      minPercent: 66,
      absoluteMin: 1,
      failureBudget: 0,
      onFailure: 'pause',
      drain: { timeoutMs: 60_000, maxConnections: 0, onTimeout: 'fail' },
      enableTimeoutMs: 60_000,
      run: { timeoutMs: 1_800_000, waitForLockMs: 300_000 },
    });
  });
});

describe('StrategyOverride', () => {
  it("adds nothing to what is written: a default here would undo the application's own figures", () => {
    for (const written of [
      {},
      { failureBudget: 2 },
      { drain: { timeoutMs: 5 } },
      { canary: {}, run: { timeoutMs: 1_000 } },
    ]) {
      expect(StrategyOverride.parse(written)).toEqual(written);
    }
  });

  it('may set every field a strategy has', () => {
    const whole = Strategy.parse({});
    expect(StrategyOverride.parse(whole)).toEqual(whole);
  });

  it.each([
    { absoluteMin: 0 },
    { maxOutOfService: 0 },
    { drain: { onTimeout: 'hope' } },
    { canry: {} },
  ])('refuses %j as a strategy does', (written) => {
    expect(StrategyOverride.safeParse(written).success).toBe(false);
    expect(Strategy.safeParse(written).success).toBe(false);
  });
});
