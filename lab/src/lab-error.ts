/** What went wrong in the lab, why, and what a person can do about it. */
export class LabError extends Error {
  override readonly name = 'LabError';

  constructor(what: string, why: string, next: string, options?: ErrorOptions) {
    super(`${what}: ${why.trim()}\n  -> ${next}`, options);
  }
}
