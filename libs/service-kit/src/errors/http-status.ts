import type { ErrorKind } from './gantry-error.js';

/** The one table: what each kind of error means to an HTTP client. */
export const HTTP_STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  'not-found': 404,
  conflict: 409,
  unavailable: 503,
  rejected: 502,
  corrupt: 500,
  config: 500,
  bug: 500,
};
