import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from './lab-error.js';
import { pidsWithEnvironment, startTimeOf } from './process-table.js';
import { tryRun } from './run.js';
import { waitUntil } from './wait-until.js';

/** Every workspace folder's name starts like this. */
export const WORKSPACE_PREFIX = 'gantry-';
/** Environment variable that every process of a lab carries. */
export const MARKER = 'GANTRY_LAB';
/** Who made the workspace, and which network links belong to it. */
export const OWNER_FILE = 'owner.json';

interface Owner {
  readonly pid: number;
  readonly startTime?: string;
  readonly links: readonly string[];
}

/** Kills what still carries the workspace's mark: the net under every stop(). */
export async function killMarked(dir: string): Promise<void> {
  await waitUntil(
    async () => {
      const pids = await pidsWithEnvironment(MARKER, dir);
      for (const pid of pids) kill(pid);
      return pids.length === 0;
    },
    {
      deadlineMs: 10_000,
      onTimeout: async () =>
        new LabError(
          `Processes of ${dir} do not die`,
          `pids ${(await pidsWithEnvironment(MARKER, dir)).join(', ')} survive SIGKILL`,
          'look at them with ps; they may hang in the kernel',
        ),
    },
  );
}

/** Removes labs whose owner was killed: processes, network links, folders. */
export async function sweepAbandoned(): Promise<void> {
  const names = await readdir(tmpdir());
  const dirs = names
    .filter((name) => name.startsWith(WORKSPACE_PREFIX))
    .map((name) => join(tmpdir(), name));
  for (const dir of dirs) {
    const owner = await ownerOf(dir);
    if (owner === undefined || (await isAlive(owner))) continue;
    await killMarked(dir);
    for (const link of owner.links) await tryRun(['ip', 'link', 'del', link]);
    await rm(dir, { recursive: true, force: true });
  }
}

async function ownerOf(dir: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(join(dir, OWNER_FILE), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  return (await startTimeOf(owner.pid)) === owner.startTime;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone between looking and killing.
  }
}
