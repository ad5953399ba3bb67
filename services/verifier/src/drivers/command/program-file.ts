import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { GantryError } from '@gantry/service-kit';

const refused = (why: string): GantryError =>
  new GantryError('rejected', 'gate.program-refused', why);

/**
 * Where a gate's program is: below the folder of commands, also after every link is followed. A link that leads out would
 * make any program of the machine one that the fleet file may run.
 */
export async function programFile(folder: string | undefined, name: string): Promise<string> {
  const file = await within(folder, name, 'the program');
  if (!(await stat(file)).isFile()) throw refused(`"${name}" is no file`);
  try {
    await access(file, constants.X_OK);
  } catch {
    throw refused(`"${name}" may not be executed: set its x bit`);
  }
  return file;
}

/** A folder below the folder of commands, for a program to start in. */
export async function workingFolder(folder: string | undefined, name: string): Promise<string> {
  const path = await within(folder, name, 'the working folder');
  if (!(await stat(path)).isDirectory()) throw refused(`"${name}" is no folder`);
  return path;
}

async function within(folder: string | undefined, name: string, what: string): Promise<string> {
  if (folder === undefined)
    throw refused(
      'the verifier runs no programs: set GANTRY_GATE_COMMANDS_DIR, and put them there',
    );
  if (isAbsolute(name) || name.includes('\0'))
    throw refused(`${what} "${name}" must be a path within GANTRY_GATE_COMMANDS_DIR`);
  const root = await realpath(folder);
  const path = await realpath(join(root, name)).catch(() => undefined);
  if (path === undefined) throw refused(`there is no "${name}" in GANTRY_GATE_COMMANDS_DIR`);
  if (path !== root && !path.startsWith(root + sep))
    throw refused(`${what} "${name}" leads out of GANTRY_GATE_COMMANDS_DIR`);
  return path;
}
