import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';

/** A signal that also ends when the wait has lasted long enough. */
export interface WaitSignal {
  readonly signal: AbortSignal;
  /** Why it ended, as the error to end with. */
  why(goesOn: string): CliError;
}

/** Joins Ctrl-C and --timeout. */
export function waitSignal(interrupt: AbortSignal, timeoutSeconds: number | undefined): WaitSignal {
  const timeout =
    timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1_000);
  return {
    signal: timeout === undefined ? interrupt : AbortSignal.any([interrupt, timeout]),
    why: (goesOn) =>
      interrupt.aborted
        ? new CliError(EXIT.interrupted, 'Interrupted.', goesOn)
        : new CliError(
            EXIT.waitTimedOut,
            `Not over after ${timeoutSeconds ?? 0} s; no longer waiting.`,
            goesOn,
          ),
  };
}
