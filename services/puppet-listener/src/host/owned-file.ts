import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { ConfigError } from './owned-folder.js';

/**
 * Reads a small file that only root (or this very user) could have written; undefined when it is absent, too large, a link, or
 * somebody else's. What is judged is what is read: the file is opened first, and never through a link.
 */
export function readOwnedFile(path: string, maxBytes: number): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stat = fstatSync(fd);
    if (problemOf(stat) !== undefined || stat.size > maxBytes) return undefined;
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** Refuses a file that is a link, belongs to another user, or may be written by others. An absent one may be made later. */
export function requireOwnedFile(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  const problem = stat && problemOf(stat);
  if (problem !== undefined) throw new ConfigError(`${path} ${problem}`);
}

function problemOf(stat: Stats): string | undefined {
  if (!stat.isFile()) return 'is not a file of its own (a link?); replace it by one.';
  if (stat.uid !== (process.getuid?.() ?? 0) && stat.uid !== 0)
    return `belongs to user ${stat.uid}; chown it to root.`;
  if ((stat.mode & 0o022) !== 0) return 'may be written by others; chmod go-w it.';
  return undefined;
}
