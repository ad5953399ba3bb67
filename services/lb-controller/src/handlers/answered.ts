/** Outcomes kept: a copy that comes later than hundreds of others belongs to a turn that is long over. */
const KEPT = 500;

/**
 * Outcomes that were answered, by request id: a request has one. A copy of it that was long on its way must not be carried out
 * after whoever asked has taken the refusal for the end of it.
 */
export class Answered<T> {
  private readonly outcomes = new Map<string, T>();

  get(requestId: string): T | undefined {
    return this.outcomes.get(requestId);
  }

  keep(requestId: string, outcome: T): void {
    this.outcomes.set(requestId, outcome);
    const [oldest] = this.outcomes.keys();
    if (this.outcomes.size > KEPT && oldest !== undefined) this.outcomes.delete(oldest);
  }
}
