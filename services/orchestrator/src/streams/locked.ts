import { streamKey, type StreamId } from '@gantry/event-log';

/** What one transaction locks before it reads anything: streams and names. Grows by what turned out to be missing. */
export class Locked {
  private constructor(
    readonly streams: readonly StreamId[],
    readonly names: readonly string[],
  ) {}

  static of(streams: readonly StreamId[], names: readonly string[]): Locked {
    const byKey = new Map(streams.map((stream) => [streamKey(stream), stream]));
    return new Locked([...byKey.values()], [...new Set(names)]);
  }

  with({ streams, names }: Pick<Locked, 'streams' | 'names'>): Locked {
    return Locked.of([...this.streams, ...streams], [...this.names, ...names]);
  }

  /** Goes on only when these are locked too; otherwise everything is done again with them. */
  demand(streams: readonly StreamId[], names: readonly string[]): void {
    const held = new Set(this.streams.map(streamKey));
    const missing = Locked.of(
      streams.filter((stream) => !held.has(streamKey(stream))),
      names.filter((name) => !this.names.includes(name)),
    );
    if (missing.streams.length > 0 || missing.names.length > 0) throw new OnceMore(missing);
  }
}

/** Nothing is written: the transaction had locked too little, or somebody else was faster. To be done again, with these locks too. */
export class OnceMore extends Error {
  constructor(readonly missing: Locked = Locked.of([], [])) {
    super('once more');
  }
}
