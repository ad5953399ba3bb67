import { readFileSync, statSync } from 'node:fs';
import { commandLineOf, identityOf } from '../host/process-identity.js';

/** Who holds Puppet's run lock, and since when. */
export interface LockHolder {
  readonly pid: number;
  readonly since: string;
  readonly command: string;
}

/**
 * The living Puppet process that holds the run lock. A lock file alone proves nothing: Puppet leaves it behind when killed, and
 * clears a stale one itself, so this program never touches it.
 */
export function lockHolder(lockFile: string): LockHolder | undefined {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8').trim());
    if (!Number.isInteger(pid) || pid <= 0 || identityOf(pid) === undefined) return undefined;
    const command = commandLineOf(pid);
    // A number may belong to somebody else by now, even to a program with "puppet" somewhere in its path.
    if (!/(?:^|[/ ])puppet(?: |$)/.test(command)) return undefined;
    return { pid, since: statSync(lockFile).mtime.toISOString(), command: command.slice(0, 150) };
  } catch {
    return undefined;
  }
}

/** Why runs are switched off on this host, or null when they are not. */
export function disabledReason(disabledLock: string): string | null {
  let text: string;
  try {
    text = readFileSync(disabledLock, 'utf8');
  } catch {
    return null;
  }
  try {
    const { disabled_message } = JSON.parse(text) as { disabled_message?: unknown };
    if (typeof disabled_message === 'string') return disabled_message.slice(0, 1_000);
  } catch {
    // An old or broken lock file disables runs all the same.
  }
  return 'no reason given';
}
