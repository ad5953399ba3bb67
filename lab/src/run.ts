import { execa } from 'execa';
import { LabError } from './lab-error.js';

/** What a finished command said. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of a command that runs to its end. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly input?: string;
}

/** Runs a command to its end and returns whatever it said; only a command that cannot run throws. */
export async function tryRun(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  const [command = '', ...args] = argv;
  const result = await execa(command, args, {
    reject: false,
    timeout: options.timeoutMs ?? 120_000,
    forceKillAfterDelay: 2_000,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env, extendEnv: false }),
  });
  if (result.exitCode === undefined)
    throw new LabError(
      `Cannot run ${argv.join(' ')}`,
      result.shortMessage ?? 'it was killed',
      `check that ${command} is installed and not stuck`,
    );
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/** Runs a command that must succeed; its output is the reason when it does not. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await tryRun(argv, options);
  if (result.exitCode !== 0)
    throw new LabError(
      `\`${argv.join(' ')}\` failed (exit code ${result.exitCode})`,
      `${result.stderr}\n${result.stdout}`,
      'see its message above',
    );
  return result.stdout;
}
