import type { FeedCursor } from '../model/feed-cursor.js';

type Batch = {
  /** The place of its last event. */
  readonly cursor: FeedCursor;
  readonly events: number;
  state: 'under way' | 'confirmed' | 'failed';
};

/** What has been confirmed so far without a gap: the checkpoint may move there. */
export type Confirmed = { readonly cursor: FeedCursor; readonly events: number };

/** Batches that were handed on and of which nobody has said yet that they arrived, in their order. */
export class UnconfirmedBatches {
  private batches: Batch[] = [];
  private readonly settling = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;

  /** @param onSettled called whenever one is confirmed or has failed. */
  constructor(private readonly onSettled: () => void) {}

  get size(): number {
    return this.batches.length;
  }

  add(cursor: FeedCursor, events: number, publication: Promise<void>): void {
    const batch: Batch = { cursor, events, state: 'under way' };
    this.batches.push(batch);
    const settling = publication.then(
      () => {
        batch.state = 'confirmed';
      },
      (error: unknown) => {
        batch.state = 'failed';
        this.failure ??= { error };
      },
    );
    const settled = settling.then(() => {
      this.settling.delete(settled);
      this.onSettled();
    });
    this.settling.add(settled);
  }

  /** Takes the confirmed ones off the front; undefined when the first is still under way. */
  takeConfirmed(): Confirmed | undefined {
    const open = this.batches.findIndex(({ state }) => state !== 'confirmed');
    const confirmed = this.batches.splice(0, open < 0 ? this.batches.length : open);
    const last = confirmed.at(-1);
    if (last === undefined) return undefined;
    return { cursor: last.cursor, events: confirmed.reduce((sum, { events }) => sum + events, 0) };
  }

  /** Throws what a batch failed with, if one has. */
  throwIfFailed(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** Resolves when nothing is under way any more, well or badly. */
  async allSettled(): Promise<void> {
    await Promise.all(this.settling);
  }
}
