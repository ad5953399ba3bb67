import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { messageOf } from '@gantry/service-kit';
import { Deadline } from '../../ports/deadline.js';
import { OutputTail } from './output-tail.js';
import { killRun, RUN_COOKIE } from './process-tree.js';
import { makeHome, removeHome } from './program-home.js';
import { settledWithin } from './settled-within.js';

const REAP_MS = 2_000;

/** A program to run; `file` was checked. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  /** What its processes are found by. */
  readonly cookie: string;
  readonly deadlineMs: number;
  readonly maxOutputBytes: number;
}

/** How a program ended. `late`, `flood`: it was ended for taking or writing too much. */
export interface ProgramEnd {
  readonly how: 'exited' | 'killed' | 'late' | 'flood' | 'not-started';
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly output: string;
  readonly problem?: string;
}

/**
 * Runs a program without a shell, in a session of its own, with an empty home and nothing of this process's environment but
 * PATH. Nothing of it is left when this settles. Rejects with the signal's reason when that is aborted.
 */
export async function runProgram(program: Program, signal: AbortSignal): Promise<ProgramEnd> {
  signal.throwIfAborted();
  const scratch = await makeHome();
  try {
    const end = await watched(program, scratch, signal);
    signal.throwIfAborted();
    return end;
  } finally {
    await removeHome(scratch);
  }
}

function start({ file, args, env, cwd, cookie }: Program, scratch: string): ChildProcess {
  return spawn(file, args, {
    cwd: cwd ?? dirname(file),
    env: {
      ...env,
      PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
      HOME: scratch,
      TMPDIR: scratch,
      [RUN_COOKIE]: cookie,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

async function watched(
  program: Program,
  scratch: string,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  const deadline = new Deadline(program.deadlineMs);
  const enough = new AbortController();
  const tail = new OutputTail(program.maxOutputBytes, () => enough.abort('flood'));
  let child: ChildProcess;
  let exited: Promise<void>;
  try {
    child = start(program, scratch);
    tail.follow(child);
    const late = setTimeout(() => enough.abort('late'), deadline.leftMs);
    const stop = AbortSignal.any([signal, enough.signal]);
    exited = exitOf(child);
    await Promise.race([exited, aborted(stop)]).finally(() => clearTimeout(late));
  } catch (error) {
    const problem = messageOf(error);
    return { how: 'not-started', exitCode: undefined, signal: undefined, output: '', problem };
  }
  // Also after it ended by itself: what it left behind would hold its output open, and go on.
  await killRun(program.cookie, child.pid);
  await settledWithin(exited, REAP_MS);
  await tail.end();
  const ended = child.exitCode === null ? 'killed' : 'exited';
  const how = enough.signal.aborted ? (enough.signal.reason as 'late' | 'flood') : ended;
  const exitCode = child.exitCode ?? undefined;
  return { how, exitCode, signal: child.signalCode ?? undefined, output: tail.text };
}

async function exitOf(child: ChildProcess): Promise<void> {
  await once(child, 'exit');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
