/** A folded stream: its state, its version, and who and what began it. */
export interface Folded<S> {
  readonly state: S;
  readonly version: number;
  readonly correlationId: string | undefined;
  readonly actor: string | undefined;
}

/** Keeps the states of the streams used last; everything in it can be folded again from the log. */
export class StreamCache {
  private readonly entries = new Map<string, Folded<unknown>>();

  constructor(private readonly capacity = 2_000) {}

  get<S>(key: string): Folded<S> | undefined {
    const found = this.entries.get(key);
    if (found !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, found);
    }
    return found as Folded<S> | undefined;
  }

  set(key: string, folded: Folded<unknown>): void {
    this.entries.delete(key);
    this.entries.set(key, folded);
    const oldest = this.entries.size > this.capacity ? this.entries.keys().next().value : undefined;
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  keys(): readonly string[] {
    return [...this.entries.keys()];
  }

  forget(key: string): void {
    this.entries.delete(key);
  }
}
