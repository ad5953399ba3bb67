import type { Pace } from '../src/ports/pace.port.js';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes only while everybody sleeps, and then at once. */
export class VirtualPace implements Pace {
  private now = 1_000;
  private sleepers: Sleeper[] = [];
  private ticking = false;

  nowMs(): number {
    return this.now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.sleepers.push({ at: this.now + ms, wake });
      this.tick();
    });
  }

  /** setImmediate lets every promise that can go on do so first. */
  private tick(): void {
    if (this.ticking) return;
    this.ticking = true;
    setImmediate(() => {
      this.ticking = false;
      const [first, ...rest] = [...this.sleepers].sort((a, b) => a.at - b.at);
      if (!first) return;
      this.sleepers = rest;
      this.now = Math.max(this.now, first.at);
      first.wake();
      if (rest.length > 0) this.tick();
    });
  }
}
