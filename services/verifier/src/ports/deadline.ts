import { setTimeout as delay } from 'node:timers/promises';

/** The end of the time a run may take, on a clock that never jumps. */
export class Deadline {
  private readonly end: number;

  constructor(totalMs: number, spentMs = 0) {
    this.end = performance.now() + totalMs - spentMs;
  }

  get leftMs(): number {
    return Math.max(0, this.end - performance.now());
  }

  over(): boolean {
    return this.leftMs === 0;
  }

  /** Waits `ms`, but not beyond the end; rejects with the signal's reason when it is aborted. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await delay(Math.min(ms, this.leftMs), undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }
}
