/** One of those that are measured beside each other. */
export interface Contender {
  readonly name: string;
  /** Measures once and returns the figure. */
  measure(): Promise<number>;
}

/** The figures of each contender, one a round. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

/**
 * Measures all contenders in turn, round after round, every other round in the opposite order: what else the machine is
 * doing meanwhile falls on all of them alike, and a ratio within a round means something where a figure alone does not.
 */
export async function alternate(contenders: readonly Contender[], rounds: number): Promise<Rounds> {
  const figures = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const contender of order) {
      figures.get(contender.name)?.push(await contender.measure());
    }
  }
  return figures;
}
