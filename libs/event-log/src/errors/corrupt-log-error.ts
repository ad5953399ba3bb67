import { EventLogError } from './event-log-error.js';

/** A stored event cannot be understood: its reader must stop here, not skip it. */
export class CorruptLogError extends EventLogError {
  readonly kind = 'corrupt';
  readonly code = 'log.corrupt';
}
