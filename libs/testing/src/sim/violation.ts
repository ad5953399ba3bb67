/** A broken invariant: its id, and what was seen. */
export class Violation extends Error {
  constructor(
    readonly invariant: string,
    readonly what: string,
  ) {
    super(`${invariant}: ${what}`);
    this.name = 'Violation';
  }
}

/** Ends the play when it does not hold. */
export function must(holds: boolean, invariant: string, what: () => string): void {
  if (!holds) throw new Violation(invariant, what());
}
