import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot at which it started. */
  readonly startTicks: string;
  readonly bootId: string;
}

/** Id of the machine's present life. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** The identity of a running process, or undefined when there is none (a zombie is none). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in brackets and may hold anything, spaces and brackets too.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTicks = rest[18];
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
    return { pid, startTicks, bootId: bootId() };
  } catch {
    return undefined;
  }
}

/** Whether that very process still runs. */
export function isAlive(process: ProcessIdentity): boolean {
  const now = identityOf(process.pid);
  return now?.startTicks === process.startTicks && now.bootId === process.bootId;
}

/** The argument list of a process as one line, or an empty string. */
export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
