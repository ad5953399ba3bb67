import { Fifo } from '../fifo.js';

interface Entry<T> {
  readonly key: string;
  readonly item: T;
}

/** Runs items of one key one after the other, different keys side by side, and at most `maxInFlight` at once. */
export class GroupScheduler<T> {
  /** A key is present while one of its items is ready or running; its value is what waits behind that item. */
  private readonly groups = new Map<string, Fifo<T>>();
  private ready = new Fifo<Entry<T>>();
  private running = 0;
  private waiting = 0;
  private idleWaiters: (() => void)[] = [];

  constructor(
    private readonly maxInFlight: number,
    private readonly run: (item: T) => Promise<void>,
  ) {}

  get inFlight(): number {
    return this.running;
  }

  /** How many have not been started. */
  get backlog(): number {
    return this.waiting;
  }

  submit(key: string, item: T): void {
    this.waiting += 1;
    const behind = this.groups.get(key);
    if (behind !== undefined) {
      behind.push(item);
      return;
    }
    this.groups.set(key, new Fifo());
    this.ready.push({ key, item });
    this.pump();
  }

  /** Forgets what was not started. What runs goes on, and still keeps its key to itself. */
  clear(): void {
    for (const { key } of this.ready.drain()) this.groups.delete(key);
    for (const behind of this.groups.values()) behind.drain();
    this.waiting = 0;
  }

  /** Resolves when nothing runs. */
  idle(): Promise<void> {
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  private pump(): void {
    while (this.running < this.maxInFlight) {
      const next = this.ready.shift();
      if (next === undefined) return;
      this.waiting -= 1;
      this.running += 1;
      void this.start(next);
    }
  }

  private async start({ key, item }: Entry<T>): Promise<void> {
    try {
      await this.run(item);
    } finally {
      this.running -= 1;
      this.advance(key);
      this.pump();
      if (this.running === 0) for (const resolve of this.idleWaiters.splice(0)) resolve();
    }
  }

  private advance(key: string): void {
    const next = this.groups.get(key)?.shift();
    if (next === undefined) this.groups.delete(key);
    else this.ready.push({ key, item: next });
  }
}
