import { EventLogError } from './event-log-error.js';

/** The database could not be reached, went away, or kept a lock too long: nothing was written, try again later. */
export class LogUnavailableError extends EventLogError {
  readonly kind = 'unavailable';
  readonly code = 'log.unavailable';
}
