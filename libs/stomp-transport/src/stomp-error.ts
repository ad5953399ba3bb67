import { types } from 'node:util';

/** What went wrong, as a closed list: whoever catches decides by it, never by the text. */
export type StompErrorKind =
  'invalid' | 'not-found' | 'rejected' | 'unavailable' | 'config' | 'bug';

interface StompErrorDetail {
  /** Machine-readable name of the failure, for example `stomp.receipt-timeout`. */
  readonly code: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Every failure this package raises itself: `kind` says what to do, `code` says what happened. */
export class StompError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    readonly kind: StompErrorKind,
    message: string,
    detail: StompErrorDetail,
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'StompError';
    this.code = detail.code;
    this.details = detail.details ?? {};
  }
}

/** Whether it is an error; `instanceof` does not know those of another realm, such as Node's own under Jest. */
export const isError = (error: unknown): error is Error =>
  error instanceof Error || types.isNativeError(error);

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (isError(error)) return error.message;
  return typeof error === 'string' ? error : 'unknown error';
}
