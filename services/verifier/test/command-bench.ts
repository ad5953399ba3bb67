import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

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
