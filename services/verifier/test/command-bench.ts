import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { waitUntil } from '@gantry/lab';
import { processesOf } from '../src/drivers/command/process-tree.js';

/** A folder of commands, for as long as a spec takes. */
export class CommandsFolder {
  private constructor(private readonly base: string) {}

  static async make(programs: Readonly<Record<string, string>>): Promise<CommandsFolder> {
    const folder = new CommandsFolder(await mkdtemp(join(tmpdir(), 'gantry-commands-')));
    await mkdir(folder.path);
    for (const [name, text] of Object.entries(programs)) await folder.put(name, text);
    return folder;
  }

  get path(): string {
    return join(this.base, 'gates');
  }

  /** A folder beside it, which no gate may reach. */
  get outside(): string {
    return this.base;
  }

  async put(name: string, text: string, mode = 0o755): Promise<void> {
    const file = join(this.path, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, mode);
  }

  remove(): Promise<void> {
    return rm(this.base, { recursive: true });
  }
}

/** A program in the Bourne shell's language: what a gate's program does with its arguments is its own affair. */
export const script = (lines: string): string => `#!/bin/sh\n${lines}\n`;

/** The empty home of a run, once it has begun: the folder that must be gone when it is over. */
export async function homeOf(cookie: string): Promise<string> {
  let home: string | undefined;
  await waitUntil(
    async () => {
      const [pid] = await processesOf(cookie);
      const environ =
        pid === undefined ? '' : await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      home = environ
        .split('\0')
        .find((line) => line.startsWith('HOME='))
        ?.slice('HOME='.length);
      return home !== undefined;
    },
    { deadlineMs: 10_000, onTimeout: () => new Error('it did not start') },
  );
  return home!;
}
