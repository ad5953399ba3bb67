import { EventLogError } from './event-log-error.js';

/** A transaction was used after it had settled, or for a stream it has not locked. */
export class TransactionClosedError extends EventLogError {
  readonly kind = 'bug';
  readonly code = 'log.transaction-closed';
}
