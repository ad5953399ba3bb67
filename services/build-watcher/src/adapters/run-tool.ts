import { execFile } from 'node:child_process';
import { GantryError, messageOf } from '@gantry/service-kit';

/** More than any header's names, files and scripts. */
const MAX_ANSWER = 16 * 1024 * 1024;

/** A program and what it works on. */
export interface Tool {
  readonly program: string;
  readonly args: readonly string[];
  /** A folder of its own: nobody's settings count. */
  readonly home: string;
  readonly debianPackage: string;
  readonly signal: AbortSignal;
}

/** What a program said. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a program to its end; any exit code is an answer. It never sees our environment or more input. */
export function runTool({ program, args, home, debianPackage, signal }: Tool): Promise<Said> {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: home };
  const options = { env, signal, killSignal: 'SIGKILL', maxBuffer: MAX_ANSWER } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr, exitCode: 0 });
      else if (typeof error.code === 'number') resolve({ stdout, stderr, exitCode: error.code });
      else reject(signal.aborted ? reasonOf(signal) : notRun(program, debianPackage, error));
    });
    child.stdin?.end();
  });
}

/** Whether it took too long, or is not wanted any more. */
const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error('aborted');

/** The first line of what a program said, for an error's text. */
export const firstLine = (text: string): string =>
  text.trim().split('\n')[0]?.slice(0, 300) || 'no reason given';

const notRun = (program: string, debianPackage: string, cause: unknown): GantryError =>
  new GantryError(
    'config',
    'repository.unusable',
    `Packages cannot be inspected: ${program} failed (${messageOf(cause).slice(0, 300)}). Install the package ${debianPackage}.`,
    { cause },
  );
