import { EventLogError } from '../errors/event-log-error.js';

/** Internal: an event id met itself at the commit; the transaction is run again, looking before it appends. */
export class EventIdTakenError extends EventLogError {
  readonly kind = 'conflict';
  readonly code = 'log.event-id-taken';
}
