import { EventLogError } from './event-log-error.js';

/** The stream is not at the version the decision was made on: load it again and decide again. */
export class ConcurrencyError extends EventLogError {
  readonly kind = 'conflict';
  readonly code = 'log.concurrency';
}
