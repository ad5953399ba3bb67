import { EventLogError } from './event-log-error.js';

/** The connection was cut while committing: the transaction may or may not stand. Ask again with the same inbox message or event ids. */
export class CommitUnknownError extends EventLogError {
  readonly kind = 'unavailable';
  readonly code = 'log.commit-unknown';
}
