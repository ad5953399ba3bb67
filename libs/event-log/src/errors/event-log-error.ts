/**
 * What a caller should do about an error: `invalid`, `config` and `corrupt` never succeed by trying again, `conflict`
 * is to be decided anew at once, `unavailable` is to be tried again later.
 */
export type EventLogErrorKind =
  'invalid' | 'conflict' | 'unavailable' | 'corrupt' | 'config' | 'bug';

/** Base of everything the log throws: `kind` drives policy, `code` is for people, `details` may be logged. */
export abstract class EventLogError extends Error {
  abstract readonly kind: EventLogErrorKind;
  abstract readonly code: string;

  constructor(
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Tells an error of the log by its shape, so that two copies of this package agree. */
export function isEventLogError(error: unknown): error is EventLogError {
  return (
    error instanceof Error &&
    'kind' in error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('log.')
  );
}
