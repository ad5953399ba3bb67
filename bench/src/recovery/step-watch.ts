import type { GantryClient } from '@gantry/client';
import { waitUntil } from '@gantry/lab';

const DEADLINE_MS = 120_000;

/** Remembers when each event of any deployment was seen. */
export class StepWatch {
  private readonly stopping = new AbortController();
  private readonly reading: Promise<void>;
  private readonly seen: { readonly type: string; readonly atMs: number }[] = [];

  constructor(client: GantryClient) {
    this.reading = this.read(client);
  }

  get count(): number {
    return this.seen.length;
  }

  /** Waits for an event of this type that comes after the first `after`. */
  async next(type: string, after: number): Promise<void> {
    await this.until(() => this.seen.slice(after).some((step) => step.type === type), type);
  }

  /** When the first event came that stands after the first `after`. */
  async firstAfter(after: number): Promise<number> {
    await this.until(() => this.seen.length > after, 'any step');
    return this.seen[after]?.atMs ?? NaN;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.reading;
  }

  private async until(probe: () => boolean, what: string): Promise<void> {
    const onTimeout = (): Error => new Error(`never came: ${what}`);
    await waitUntil(probe, { deadlineMs: DEADLINE_MS, everyMs: 5, onTimeout });
  }

  private async read(client: GantryClient): Promise<void> {
    const { signal } = this.stopping;
    for await (const item of client.watchEvents({ signal })) {
      if (item.kind !== 'log' || !item.event.stream.startsWith('deployment-')) continue;
      this.seen.push({ type: item.event.type, atMs: performance.now() });
    }
  }
}
