import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './owned-folder.js';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.js';

/**
 * Takes the lock of a role on this host; two listeners would share one queue and lose each other's commands. Returns the release.
 * The file names its holder; one whose process is gone is replaced, which no clean-up after a crash has to do.
 */
export function takeHostLock(folder: string, name: string): () => void {
  const path = join(folder, `${name}.lock`);
  const me = identityOf(process.pid);
  const own = join(folder, `${name}.${process.pid}.new`);
  writeFileSync(own, JSON.stringify(me), { mode: 0o600 });
  try {
    if (!linked(own, path)) replaceStale(path, own);
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    if (holderOf(path)?.pid === process.pid) rmSync(path, { force: true });
  };
}

function replaceStale(path: string, own: string): void {
  const holder = holderOf(path);
  if (holder !== undefined && isAlive(holder)) {
    throw new ConfigError(
      `Another listener runs on this host (pid ${holder.pid}); stop it first (lock ${path}).`,
    );
  }
  const aside = `${own}.stale`;
  renameSync(path, aside);
  const moved = holderOf(aside);
  // Between the reading and the rename another starter may have put its own lock there: give it back.
  const raced = moved !== undefined && isAlive(moved) && linked(aside, path);
  rmSync(aside, { force: true });
  if (raced || !linked(own, path))
    throw new ConfigError(`Another listener is starting on this host (lock ${path}).`);
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
