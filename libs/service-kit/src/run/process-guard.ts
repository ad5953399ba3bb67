import type { Log } from '../logging/log.js';

const DRAIN_LIMIT_MS = 30_000;

/**
 * Ties the service's life to the process: SIGTERM and SIGINT drain it, and a rejection that nobody handled ends it, because what
 * state it left behind is unknown. Returns how to let go again.
 */
export function guardProcess(log: Log, close: () => Promise<void>): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    log.log('stopping', { signal });
    setTimeout(() => exit(log, 'stopped before everything had drained', 1), DRAIN_LIMIT_MS).unref();
    close().then(
      () => exit(log, 'stopped', 0),
      (error: unknown) => exit(log, 'stopping failed', 1, error),
    );
  };
  const crash = (error: unknown): void => exit(log, 'unhandled rejection', 1, error);
  process.once('SIGTERM', stop).once('SIGINT', stop).on('unhandledRejection', crash);
  return () => {
    process.off('SIGTERM', stop).off('SIGINT', stop).off('unhandledRejection', crash);
  };
}

function exit(log: Log, msg: string, code: number, error?: unknown): void {
  if (code === 0) log.log(msg);
  else log.error(msg, error === undefined ? {} : { error });
  process.exit(code);
}
