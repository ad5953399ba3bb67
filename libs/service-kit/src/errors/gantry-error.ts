import { types } from 'node:util';

/** What went wrong, as a closed list: retries, parking and HTTP status are decided by it, never by the text. */
export type ErrorKind =
  'invalid' | 'not-found' | 'conflict' | 'unavailable' | 'rejected' | 'corrupt' | 'config' | 'bug';

const KINDS: ReadonlySet<unknown> = new Set<ErrorKind>([
  'invalid',
  'not-found',
  'conflict',
  'unavailable',
  'rejected',
  'corrupt',
  'config',
  'bug',
]);

/** What an error carries besides its text. */
export interface GantryErrorOptions {
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The error of every service: `kind` says what to do, `code` (such as `lb.unavailable`) says what happened. */
export class GantryError extends Error {
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    options: GantryErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GantryError';
    this.details = options.details ?? {};
  }
}

/** Whether the error says what to do with it (`kind`) and what happened (`code`). */
export function isGantryError(error: unknown): error is GantryError {
  return (
    isError(error) &&
    'kind' in error &&
    KINDS.has(error.kind) &&
    'code' in error &&
    typeof error.code === 'string'
  );
}

/** The kind of anything that was thrown: what nobody classified is a bug. */
export function kindOf(error: unknown): ErrorKind {
  return isGantryError(error) ? error.kind : 'bug';
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (isError(error)) return error.message;
  return typeof error === 'string' ? error : 'something that is not an error was thrown';
}

/** Whether it is an error, also one of another realm (a worker, a sandbox), whose class is not ours. */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}
