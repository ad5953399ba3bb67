/** One at a time per key, for several keys at once. */
export class KeyedMutex {
  private readonly tails = new Map<string, Promise<void>>();

  /** Runs `work` while it holds all keys; they are taken in one order, so that two callers never wait for each other. */
  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const releases: (() => void)[] = [];
    for (const key of [...new Set(keys)].sort()) releases.push(await this.take(key));
    try {
      return await work();
    } finally {
      for (const release of releases) release();
    }
  }

  private async take(key: string): Promise<() => void> {
    const before = this.tails.get(key);
    let open = (): void => undefined;
    const tail = new Promise<void>((resolve) => (open = resolve));
    this.tails.set(key, tail);
    await before;
    return () => {
      if (this.tails.get(key) === tail) this.tails.delete(key);
      open();
    };
  }
}
