import type { ExitCode } from './exit-codes.js';

/** An end of the program that is not a success: a message for people and a number for scripts. */
export class CliError extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly todo = '',
  ) {
    super(message);
    this.name = 'CliError';
  }
}
