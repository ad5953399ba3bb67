/** One thing that happened in the world, as the world itself saw it. */
export interface TraceEntry {
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
}

/** What happened, in order: the models write it, and nobody who is on trial. */
export class Trace {
  readonly entries: TraceEntry[] = [];

  constructor(private readonly nowMs: () => number) {}

  note(who: string, what: string): void {
    this.entries.push({ atMs: this.nowMs(), who, what });
  }

  /** The last entries that a story needs, one line each. */
  story(last = 120): string {
    const shown = this.entries.slice(-last);
    const left = this.entries.length - shown.length;
    const lines = shown.map(
      ({ atMs, who, what }) =>
        `${(atMs / 1_000).toFixed(3).padStart(10)} s  ${who.padEnd(18)} ${what}`,
    );
    return [...(left > 0 ? [`    (${left} earlier lines left out)`] : []), ...lines].join('\n');
  }
}
