/**
 * Requests being carried out, by id. One that is delivered again meanwhile joins the first; an outcome that could not be
 * published is kept, so that trying again publishes it instead of doing everything once more.
 */
export class InFlight<T> {
  private readonly outcomes = new Map<string, Promise<T>>();

  async run(
    id: string,
    work: () => Promise<T>,
    publish: (outcome: T) => Promise<void>,
  ): Promise<void> {
    const outcome = this.outcomes.get(id) ?? this.begin(id, work);
    await publish(await outcome);
    this.outcomes.delete(id);
  }

  private begin(id: string, work: () => Promise<T>): Promise<T> {
    const outcome = work();
    this.outcomes.set(id, outcome);
    outcome.catch(() => this.outcomes.delete(id));
    return outcome;
  }
}
