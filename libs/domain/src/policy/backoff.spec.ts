import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

describe('the delay before a try', () => {
  it('doubles from the base up to the cap, give or take a quarter', () => {
    for (const [n, full] of [
      [1, 2_000],
      [2, 4_000],
      [3, 8_000],
      [10, 60_000],
    ] as const) {
      const delay = backoffMs(n, 2_000, 60_000, 'web1.lab');
      expect(delay).toBeGreaterThanOrEqual(full * 0.75);
      expect(delay).toBeLessThanOrEqual(full * 1.25);
    }
  });

  it('is the same on every replay, and another one for another host', () => {
    expect(backoffMs(2, 2_000, 60_000, 'web1.lab')).toBe(backoffMs(2, 2_000, 60_000, 'web1.lab'));
    expect(backoffMs(2, 2_000, 60_000, 'web1.lab')).not.toBe(
      backoffMs(2, 2_000, 60_000, 'web2.lab'),
    );
  });
});
