import { EventLogError } from './event-log-error.js';

/** This database or this role would not keep the log's promises: refuse to start. */
export class UnsafeDatabaseError extends EventLogError {
  readonly kind = 'config';
  readonly code = 'log.unsafe-database';
}
