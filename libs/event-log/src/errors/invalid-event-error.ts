import { EventLogError } from './event-log-error.js';

/** Something that must not be written, or a name or cursor that cannot be one. */
export class InvalidEventError extends EventLogError {
  readonly kind = 'invalid';
  readonly code = 'log.invalid';
}
