import type { Log } from '@gantry/service-kit';
import { lookDelayMs } from './look-delay.js';
import { Nap } from './nap.js';
import type { RepositoryStatus, RepositoryWatcher } from './repository-watcher.js';

/** However often it is asked for a look: not more often than this. */
const MIN_GAP_MS = 250;

/** How one repository is watched. */
export interface LoopOptions {
  readonly repository: string;
  readonly pollMs: number;
  readonly reannounceMs: number;
  readonly watcher: Pick<RepositoryWatcher, 'look' | 'forget' | 'status'>;
  readonly log: Pick<Log, 'error'>;
}

/** Looks at one repository at its own pace; others neither wait for it nor fail with it. */
export class RepositoryLoop {
  private readonly nap = new Nap();
  private failures = 0;
  private ending = false;
  private running: Promise<void> | undefined;

  constructor(private readonly options: LoopOptions) {}

  get status(): RepositoryStatus {
    return this.options.watcher.status;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Looks as soon as the look that goes on, if any, has ended. */
  lookNow(): void {
    this.nap.ring();
  }

  async stop(): Promise<void> {
    this.ending = true;
    this.nap.ring();
    await this.running;
  }

  private async run(): Promise<void> {
    const { pollMs, reannounceMs, watcher } = this.options;
    let forgetAt = performance.now() + reannounceMs;
    while (!this.ending) {
      const lookedAt = performance.now();
      await this.lookOnce();
      if (performance.now() >= forgetAt) {
        watcher.forget();
        forgetAt = performance.now() + reannounceMs;
      }
      await this.nap.sleep(lookDelayMs(pollMs, this.failures));
      await this.keepGap(lookedAt);
    }
  }

  private async keepGap(lookedAt: number): Promise<void> {
    const gap = Math.min(MIN_GAP_MS, this.options.pollMs) - (performance.now() - lookedAt);
    if (gap > 0 && !this.ending) await new Promise((resolve) => setTimeout(resolve, gap));
  }

  private async lookOnce(): Promise<void> {
    const { repository, watcher, log } = this.options;
    try {
      this.failures = (await watcher.look()) ? 0 : this.failures + 1;
    } catch (error) {
      log.error('the look at a repository failed', { repository, error });
    }
  }
}
