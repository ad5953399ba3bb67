import { EventLogError } from './event-log-error.js';

/** An event id is in the log already, with other content: ids must come with the input and never be reused. */
export class EventIdConflictError extends EventLogError {
  readonly kind = 'invalid';
  readonly code = 'log.event-id-conflict';
}
