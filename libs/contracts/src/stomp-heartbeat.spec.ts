import { describe, expect, it } from '@jest/globals';
import { stompHeartbeat } from './stomp-heartbeat.js';

describe('heart-beats', () => {
  it.each([500, 1_000, 10_000, 60_000])('agreed for %i ms', (beatMs) => {
    const { header, outputMarginMs, delayMarginMs } = stompHeartbeat(beatMs);
    const [sent, wanted] = header.split(',').map(Number) as [number, number];
    const windowMs = wanted + delayMarginMs;
    // Nearly two intervals pass between the beats of a broker in good health.
    expect(windowMs).toBeGreaterThanOrEqual(2.5 * wanted - 1);
    expect(2 * windowMs).toBeLessThanOrEqual(3 * beatMs);
    expect(outputMarginMs).toBeLessThan(sent);
  });
});
