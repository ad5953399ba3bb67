import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = /^gantry-gate-(\d+)-/;

/** An empty home for one run of a program. Its name tells whose it is: those of a verifier that was killed are removed here. */
export async function makeHome(): Promise<string> {
  await removeOrphans();
  return mkdtemp(join(tmpdir(), `gantry-gate-${process.pid}-`));
}

/** The run is over. */
export const removeHome = (home: string): Promise<void> =>
  rm(home, { recursive: true, force: true, maxRetries: 5 });

async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // What cannot be removed, such as another user's, stays: no gate waits for it.
    await removeHome(join(tmpdir(), name)).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
