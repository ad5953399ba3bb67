import { GantryClient } from '@gantry/client';
import { CommanderError } from 'commander';
import type { Context } from './context.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { failureOf } from './failure.js';
import { failureText } from './output/failure-text.js';
import { program } from './program.js';
import { serverUrl } from './server-url.js';
import type { Terminal } from './terminal.js';
import type { Runner } from './usage/make-command.js';

/** Where the program runs. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Runs one command line; returns how to exit. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal, env, cwd, signal } = surroundings;
  let exitCode: ExitCode = EXIT.ok;
  const runner: Runner = async ({ server, json = false }, work) => {
    try {
      const baseUrl = serverUrl({ option: server, env, cwd });
      const context: Context = { client: new GantryClient({ baseUrl }), terminal, json, signal };
      exitCode = await work(context);
    } catch (error) {
      const failure = failureOf(error, signal.aborted);
      exitCode = failure.exitCode;
      if (json) terminal.out(`${JSON.stringify({ error: failure }, null, 2)}\n`);
      else terminal.err(failureText(terminal, failure));
    }
  };
  const commands = program(runner, {
    writeOut: (text) => terminal.out(text),
    writeErr: (text) => terminal.err(text),
  });
  try {
    await commands.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.invalid;
  }
  return exitCode;
}
