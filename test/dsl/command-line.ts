import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { REPO_ROOT } from '@gantry/demo';

/** What a command of `./gantry` left behind. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `./gantry ARGUMENTS` as a person or CI runs it, against one server. */
export function gantry(server: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(REPO_ROOT, 'gantry'), [...args], {
      env: { ...process.env, NODE_OPTIONS: '', GANTRY_SERVER: server },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
