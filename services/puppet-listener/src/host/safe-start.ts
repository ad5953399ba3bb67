import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Config } from '../config.js';
import { requireOwnedFile } from './owned-file.js';
import { ConfigError, ownedFolder, requireOwned } from './owned-folder.js';

/** What lies in a listener's folder and rules what it does. */
const OWN_FILES = ['host.key', 'host.pub', 'journal', 'journal.exists'];
/** Settings that name a file. */
const FILE_SETTING = /^GANTRY_(?:LISTENER_CONFIG|[A-Z_]+_FILE)$/;

/**
 * Refuses to start on anything that another user of this host could have written: the folder of the journal and of the key, the
 * files in it, the trusted keys, the configuration, and the folders in which `puppet`, `rpm` and `dnf` are looked for.
 */
export function requireSafeStart(
  config: Pick<Config, 'stateDir' | 'dispatcherKeys'>,
  env: Readonly<Record<string, string | undefined>>,
): void {
  ownedFolder(config.stateDir);
  for (const name of OWN_FILES) requireOwnedFile(join(config.stateDir, name));
  requireOwned(config.dispatcherKeys);
  for (const [name, path] of Object.entries(env))
    if (FILE_SETTING.test(name) && path !== undefined && path !== '') requireOwnedFile(path);
  requireSafePath(env['PATH'] ?? '');
}

function requireSafePath(path: string): void {
  for (const folder of path.split(':')) {
    if (!isAbsolute(folder))
      throw new ConfigError(`PATH has ${folder || 'an empty entry'}; name whole folders only.`);
    const mode = statSync(folder, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o002) !== 0)
      throw new ConfigError(`PATH has ${folder}, which anybody may write into; take it out.`);
  }
}
