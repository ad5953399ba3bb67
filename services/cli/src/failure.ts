import { ProblemError, UnreachableError } from '@gantry/client';
import type { Finding } from '@gantry/contracts';
import { CliError } from './cli-error.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** What is said of a command that did not succeed. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly todo: string;
  readonly findings: readonly Finding[];
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

const NOTHING = { todo: '', findings: [], errors: [] } as const;

/** Reads anything that was thrown. */
export function failureOf(error: unknown, interrupted = false): Failure {
  if (interrupted && !(error instanceof CliError))
    return {
      ...NOTHING,
      exitCode: EXIT.interrupted,
      code: 'cli.interrupted',
      message: 'Interrupted.',
    };
  if (error instanceof ProblemError) {
    const { code, detail, todo, findings, errors } = error.problem;
    return { exitCode: exitCodeOfProblem(error), code, message: detail, todo, findings, errors };
  }
  if (error instanceof UnreachableError) {
    return {
      ...NOTHING,
      exitCode: EXIT.unreachable,
      code: 'server.unreachable',
      message: `The server does not answer: ${error.message}.`,
      todo: 'Is it running? Is --server (or GANTRY_SERVER, or .gantry/server) right?',
    };
  }
  if (error instanceof CliError)
    return {
      ...NOTHING,
      exitCode: error.exitCode,
      code: 'cli',
      message: error.message,
      todo: error.todo,
    };
  const message = error instanceof Error ? error.message : String(error);
  return { ...NOTHING, exitCode: EXIT.unexpected, code: 'cli.unexpected', message };
}

function exitCodeOfProblem({ status, problem }: ProblemError): ExitCode {
  if (status === 503) return EXIT.unreachable;
  if (status >= 500) return EXIT.unexpected;
  return status === 409 || problem.findings.length > 0 ? EXIT.refused : EXIT.invalid;
}
