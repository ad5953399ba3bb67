import { DatabaseError } from 'pg';
import { ConcurrencyError } from '../errors/concurrency-error.js';
import { LogUnavailableError } from '../errors/log-unavailable-error.js';
import { TransactionClosedError } from '../errors/transaction-closed-error.js';
import { EventIdTakenError } from './event-id-taken-error.js';

/**
 * SQLSTATEs and classes that say "not now": connection exceptions, resources (disk full, too many connections),
 * shutdown, statement and lock time-outs, an idle transaction that was ended.
 */
const NOT_NOW = /^(08|53|58|57P0|57014|55P03|25P0[34])/;
/** Another transaction won: deadlock, serialization failure. */
const LOST = /^40/;

/** Turns what pg throws into what the log promises to throw; leaves errors in a caller's own SQL as they are. */
export function translateDatabaseError(error: unknown): Error {
  if (!(error instanceof DatabaseError)) return unavailable(error);
  const code = error.code ?? '';
  if (code === '23505' && error.constraint === 'event_event_id_key') {
    return new EventIdTakenError(error.message, { constraint: error.constraint }, { cause: error });
  }
  if (code === '23505' && error.constraint === 'event_stream_version_key') {
    return new ConcurrencyError(
      'Somebody appended to the stream without its lock: load it again and decide again',
      { detail: error.detail },
      { cause: error },
    );
  }
  if (code === '25P02') {
    return new TransactionClosedError(
      'Nothing was written: a statement of this transaction had failed, and the work went on as if it had not',
      {},
      { cause: error },
    );
  }
  if (LOST.test(code)) {
    return new ConcurrencyError(
      `Another transaction won (${error.message}): decide again`,
      { code },
      { cause: error },
    );
  }
  return NOT_NOW.test(code) ? unavailable(error) : error;
}

/** True when the server ended the connection, or it broke, so that nothing it was sent last is known to have happened. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof LogUnavailableError)) return false;
  const { cause } = error;
  return (
    !(cause instanceof DatabaseError) || cause.severity === 'FATAL' || cause.severity === 'PANIC'
  );
}

/** What pg throws without an SQLSTATE is about the connection: refused, reset, timed out, ended. */
function unavailable(cause: unknown): LogUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof DatabaseError ? cause.code : undefined;
  return new LogUnavailableError(
    `The event log's database did not answer: ${reason}. Try again later`,
    { code },
    { cause },
  );
}
