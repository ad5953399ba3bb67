/** Named rare branches, and how often each was taken: a branch that is never taken is not tested. */
export class Sometimes<Name extends string> {
  private readonly counts: Map<Name, number>;

  constructor(names: readonly Name[]) {
    this.counts = new Map(names.map((name) => [name, 0]));
  }

  hit(name: Name, times = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + times);
  }

  add(other: Sometimes<Name>): void {
    for (const [name, times] of other.counts) this.hit(name, times);
  }

  /** Every name with its count, in the order of the list. */
  table(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  get never(): readonly Name[] {
    return [...this.counts].filter(([, times]) => times === 0).map(([name]) => name);
  }
}
