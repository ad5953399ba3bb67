import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Time as procedures feel it: a port, so that specs let it pass in no time. */
export interface Pace {
  /** Milliseconds on a clock that never jumps. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/** The machine's time. */
export const realPace: Pace = {
  nowMs: () => performance.now(),
  sleep: (ms) => delay(ms),
};
