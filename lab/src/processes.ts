import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from './lab-error.js';
import { waitUntil } from './wait-until.js';

/** What to start, how to know that it is ready, and how to end it. */
export interface ProcessSpec {
  readonly name: string;
  readonly argv: readonly string[];
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Looked at until true; gets the leader's pid. */
  readonly ready: (pid: number) => Promise<boolean> | boolean;
  readonly deadlineMs: number;
  /** What a person should do when it does not start. */
  readonly advice: string;
  readonly stopSignal?: NodeJS.Signals;
  readonly graceMs?: number;
}

/** A process group we started: leader, log, and its end. */
export class ManagedProcess {
  /** Its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  private ended = false;

  constructor(
    readonly pid: number,
    private readonly spec: ProcessSpec,
    child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      child.once('exit', (code) => {
        this.ended = true;
        resolve(code);
      });
    });
  }

  get alive(): boolean {
    return !this.ended;
  }

  get logFile(): string {
    return this.spec.logFile;
  }

  /** Asks it to end, waits, then kills the whole group. */
  async stop(): Promise<void> {
    if (this.alive) {
      signalGroup(this.pid, this.spec.stopSignal ?? 'SIGTERM');
      await Promise.race([
        this.exited,
        delay(this.spec.graceMs ?? 10_000, undefined, { ref: false }),
      ]);
    }
    await this.kill9();
  }

  /** Kills the whole group at once, as a crash would. */
  async kill9(): Promise<void> {
    signalGroup(this.pid, 'SIGKILL');
    await this.exited;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.alive) process.kill(this.pid, signal);
  }
}

/** Starts a process group of its own and waits until it is ready; on failure nothing stays behind. */
export async function startProcess(spec: ProcessSpec): Promise<ManagedProcess> {
  const log = openSync(spec.logFile, 'a');
  // pdeathsig: when the lab itself is killed with -9, its daemons die with it.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...spec.argv], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: spec.cwd,
    env: spec.env,
  });
  closeSync(log);
  const pid = await pidOf(child, spec);
  const started = new ManagedProcess(pid, spec, child);
  try {
    await waitUntil(async () => !started.alive || (await spec.ready(pid)), {
      deadlineMs: spec.deadlineMs,
      onTimeout: () => failure(spec, `not ready after ${spec.deadlineMs / 1000} s`),
    });
    if (!started.alive) throw await failure(spec, 'it ended while starting');
  } catch (error) {
    await started.kill9();
    throw error;
  }
  return started;
}

/** The last lines of a log, for an error message. */
export async function tailOf(file: string, lines = 12): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n    ');
}

function pidOf(child: ChildProcess, spec: ProcessSpec): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(
        new LabError(`Cannot start ${spec.name}`, cause.message, 'install util-linux', { cause }),
      ),
    );
    if (child.pid !== undefined) resolve(child.pid);
  });
}

async function failure(spec: ProcessSpec, why: string): Promise<LabError> {
  const tail = await tailOf(spec.logFile);
  return new LabError(
    `${spec.name} did not start`,
    `${why}. The end of ${spec.logFile}:\n    ${tail || '(empty)'}`,
    spec.advice,
  );
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // ESRCH: nobody of the group is left, which is what we want.
  }
}
