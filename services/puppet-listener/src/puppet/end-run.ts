import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isAlive, type ProcessIdentity } from '../host/process-identity.js';

const TERM_GRACE_MS = 10_000;
const CHILDREN_LIMIT_MS = 60_000;
const POLL_MS = 100;

/**
 * Ends a run of ours that is over its limit: TERM to its process group, then KILL. What it had started (dnf, rpm) lives on in
 * sessions of its own and holds the RPM lock; a package transaction is not killed but waited for.
 */
export async function endRun(process: ProcessIdentity): Promise<void> {
  const children = descendantsOf(process.pid);
  signalGroup(process, 'SIGTERM');
  await untilGone([process], TERM_GRACE_MS);
  if (isAlive(process)) signalGroup(process, 'SIGKILL');
  await untilGone([process, ...children], CHILDREN_LIMIT_MS);
}

function signalGroup(target: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (!isAlive(target)) return;
  try {
    process.kill(-target.pid, signal);
  } catch {
    // Gone in the meantime.
  }
}

async function untilGone(processes: readonly ProcessIdentity[], limitMs: number): Promise<void> {
  const until = Date.now() + limitMs;
  while (processes.some(isAlive) && Date.now() < until) await sleep(POLL_MS);
}

function descendantsOf(root: number): readonly ProcessIdentity[] {
  const parents = processParents();
  const found = new Set([root]);
  for (let grown = true; grown;) {
    const more = parents.filter(([pid, parent]) => found.has(parent) && !found.has(pid));
    for (const [pid] of more) found.add(pid);
    grown = more.length > 0;
  }
  found.delete(root);
  return [...found].map(identityOf).filter((identity) => identity !== undefined);
}

function processParents(): readonly (readonly [pid: number, parent: number])[] {
  return runningPids().flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return [[pid, parent] as const];
    } catch {
      return [];
    }
  });
}

/** All process numbers of this host (of this namespace, where there are several). */
export function runningPids(): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}
