/** Locks by name within one process: taken all at once in the order they were asked for, so nobody waits in a ring. */
export class KeyedLocks {
  private readonly tails = new Map<string, Promise<void>>();

  /** Runs `work` when everybody who asked for one of these names before is done. */
  async with<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = names.map((name) => this.tails.get(name) ?? Promise.resolve());
    let release = (): void => undefined;
    const done = new Promise<void>((resolve) => (release = resolve));
    for (const name of names) this.tails.set(name, done);
    try {
      await Promise.all(before);
      return await work();
    } finally {
      for (const name of names) if (this.tails.get(name) === done) this.tails.delete(name);
      release();
    }
  }
}
