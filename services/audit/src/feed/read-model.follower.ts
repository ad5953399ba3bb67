import { kindOf, messageOf, type Log } from '@gantry/service-kit';
import type { FeedReader } from './feed-reader.js';
import type { ReadModels } from './read-models.port.js';
import { WakeUp } from './wake-up.js';

const RETRY_MS = 1_000;

/** Keeps the read models at the end of the feed. A message on the bus only wakes it: what is true stands in the log. */
export class ReadModelFollower {
  private readonly wakeUp = new WakeUp();
  private running: Promise<void> | undefined;
  private stopping = false;
  private stoppedBecause: string | undefined;
  private failing: string | undefined;

  constructor(
    private readonly reader: FeedReader,
    private readonly models: ReadModels,
    private readonly log: Log,
    private readonly pollMs: number,
  ) {}

  /** Why it goes no further: an event it cannot read. Undefined while it follows. */
  get parked(): string | undefined {
    return this.stoppedBecause;
  }

  /** Why the read models are not kept up to date at the moment. */
  get problem(): string | undefined {
    return this.stoppedBecause ?? this.failing;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** There may be something new. */
  wake(): void {
    this.wakeUp.wake();
  }

  /** Goes on after whatever stopped it was mended. */
  resume(): void {
    this.stoppedBecause = undefined;
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      if (this.stoppedBecause === undefined) await this.catchUp();
      await this.wakeUp.sleep(this.failing === undefined ? this.pollMs : RETRY_MS);
    }
  }

  private async catchUp(): Promise<void> {
    try {
      let more = true;
      while (more && !this.stopping) {
        const step = await this.reader.step(await this.models.current());
        if (step.startedOver)
          this.log.warn('the log was restored: the read models knew more, and are folded anew');
        ({ more } = step);
        this.failing = undefined;
      }
    } catch (error) {
      this.failed(error);
    }
  }

  /** What was read wrongly once stays wrong: it stops there and never skips. Everything else passes. */
  private failed(error: unknown): void {
    const reason = messageOf(error);
    if (kindOf(error) === 'corrupt') {
      this.stoppedBecause = reason;
      this.log.error('read models stopped', { error });
      return;
    }
    if (this.failing === undefined) this.log.warn('read models not kept up to date', { error });
    this.failing = reason;
  }
}
