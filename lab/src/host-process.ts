import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { LabError } from './lab-error.js';
import { childrenOf } from './process-table.js';
import { tailOf } from './processes.js';
import { waitUntil } from './wait-until.js';

/** A process inside a host; `pid` is its number as this machine sees it. */
export class HostProcess {
  readonly exited: Promise<void>;
  private ended = false;

  private constructor(
    readonly pid: number,
    readonly logFile: string,
    child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      const settle = () => {
        this.ended = true;
        resolve();
      };
      child.once('exit', settle);
      if (child.exitCode !== null || child.signalCode !== null) settle();
    });
  }

  /** `enter` is the nsenter command line: it forks the process into the host's pid namespace and waits for it. */
  static async start(enter: readonly string[], logFile: string): Promise<HostProcess> {
    const log = openSync(logFile, 'a');
    const [command = '', ...args] = enter;
    const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    let pid: number | undefined;
    await waitUntil(
      async () => {
        pid = child.pid === undefined ? undefined : (await childrenOf(child.pid))[0];
        return pid !== undefined || child.exitCode !== null;
      },
      { deadlineMs: 10_000, everyMs: 10, onTimeout: () => notStarted(args, 'no child after 10 s') },
    );
    if (pid === undefined) throw notStarted(args, await tailOf(logFile));
    return new HostProcess(pid, logFile, child);
  }

  get alive(): boolean {
    return !this.ended;
  }

  /** Sends a signal to the process itself, e.g. SIGKILL for a crash. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    if (this.alive) process.kill(this.pid, signal);
  }

  async stop(): Promise<void> {
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('SIGKILL'), 10_000);
    await this.exited;
    clearTimeout(timer);
  }
}

function notStarted(argv: readonly string[], why: string): LabError {
  return new LabError(`Cannot start ${argv.join(' ')}`, why, 'check the command inside the host');
}
