import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pidsWithEnvironment, startTimeOf } from './process-table.js';
import { MARKER, OWNER_FILE, sweepAbandoned, WORKSPACE_PREFIX } from './sweep.js';

describe('labs whose owner was killed', () => {
  const folders: string[] = [];

  /** A lab's folder with one process in it, owned by the given process. */
  async function lab(owner: { pid: number; startTime: string | undefined }) {
    const dir = await mkdtemp(join(tmpdir(), WORKSPACE_PREFIX));
    folders.push(dir);
    const daemon = spawn('sleep', ['600'], { env: { ...process.env, [MARKER]: dir } });
    await once(daemon, 'spawn');
    await writeFile(join(dir, OWNER_FILE), JSON.stringify({ ...owner, links: [] }));
    return { dir, daemon, ended: once(daemon, 'exit') };
  }

  const exists = async (dir: string) => (await readdir(tmpdir())).includes(basename(dir));

  afterEach(async () => {
    for (const dir of folders.splice(0)) {
      for (const pid of await pidsWithEnvironment(MARKER, dir)) process.kill(pid, 'SIGKILL');
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('are removed with their processes', async () => {
    const former = spawn('true');
    await once(former, 'exit');
    const { dir, ended } = await lab({ pid: former.pid!, startTime: '1' });

    await sweepAbandoned();

    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(await exists(dir)).toBe(false);
  });

  it('are recognised although another process got the number of their owner', async () => {
    const { dir } = await lab({ pid: process.pid, startTime: '1' });
    await sweepAbandoned();
    expect(await exists(dir)).toBe(false);
  });

  it('are not mistaken for labs that run', async () => {
    const startTime = await startTimeOf(process.pid);
    const { dir, daemon } = await lab({ pid: process.pid, startTime });

    await sweepAbandoned();

    expect(await exists(dir)).toBe(true);
    expect(daemon.exitCode ?? daemon.signalCode).toBeNull();
  });
});
