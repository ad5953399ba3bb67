import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { childEnv } from '../host/command.js';
import { identityOf, type ProcessIdentity } from '../host/process-identity.js';
import { agentArgv, type AgentRun } from './agent-argv.js';

/** A run's process, as long as this listener is its parent. */
export interface Launched {
  readonly identity: ProcessIdentity;
  readonly exited: Promise<number | null>;
}

/**
 * Starts the agent in a session of its own with its output in a file: it must outlive this process (a listener is deployed by
 * Puppet too), and Puppet dies in the middle of its work when the reader of its output goes away.
 */
export async function launchAgent(
  puppet: string,
  run: AgentRun,
  output: string,
): Promise<Launched> {
  const fd = openSync(output, 'a', 0o600);
  try {
    const child = spawn(puppet, agentArgv(run), {
      detached: true,
      stdio: ['ignore', fd, fd],
      env: childEnv(),
      cwd: '/',
    });
    const exited = exitOf(child);
    const pid = await pidOf(child);
    child.unref();
    const identity = identityOf(pid);
    // Already over: its number is no longer anybody's.
    return { identity: identity ?? { pid, startTicks: 'gone', bootId: 'gone' }, exited };
  } finally {
    closeSync(fd);
  }
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      if (child.pid !== undefined) resolve(child.pid);
    });
  });
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
}
