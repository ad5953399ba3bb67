import { execFile } from 'node:child_process';

/** What a short helper program said. `code` is null when it did not start or was killed. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly missing: boolean;
}

/** Runs a short helper program (never Puppet itself: that one gets files, not pipes) with an argument array and a time limit. */
export type RunCommand = (
  program: string,
  args: readonly string[],
  timeoutMs?: number,
) => Promise<CommandResult>;

const MAX_OUTPUT = 1_048_576;

export const runCommand: RunCommand = (program, args, timeoutMs = 30_000) =>
  new Promise((resolve) => {
    const options = { timeout: timeoutMs, maxBuffer: MAX_OUTPUT, env: childEnv(), cwd: '/' };
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      resolve({
        code: typeof code === 'number' ? code : null,
        stdout,
        stderr: typeof code === 'number' ? stderr : `${error?.message ?? ''} ${stderr}`,
        missing: code === 'ENOENT',
      });
    });
  });

/** A child's environment: nothing of ours but the search path, so that no setting of the listener reaches Puppet. */
export function childEnv(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: process.env['HOME'] ?? '/root',
    LANG: 'C.UTF-8',
  };
}
