/** Which message type an error came from: the delivery policy is only shown the error. */
export class FailedTypes {
  private readonly types = new WeakMap<object, string>();

  /** Remembers it for as long as the error lives. */
  remember(error: unknown, type: string): void {
    if (typeof error === 'object' && error !== null) this.types.set(error, type);
  }

  /** The type, or `unknown` for an error that passed no handler of ours. */
  typeOf(error: unknown): string {
    return typeof error === 'object' && error !== null
      ? (this.types.get(error) ?? 'unknown')
      : 'unknown';
  }
}
