import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const FOLDER = fileURLToPath(new URL('../../peers/', import.meta.url));

/** Installs the peers by their lock file, unless they are there. */
export async function installPeers(): Promise<void> {
  try {
    await access(`${FOLDER}node_modules/pg/package.json`);
  } catch {
    await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER });
  }
}

/** Loads a peer. It is not among Gantry's dependencies, so what is used of it is described by the caller. */
export async function loadPeer<T>(name: string): Promise<T> {
  const require = createRequire(`${FOLDER}package.json`);
  return (await import(pathToFileURL(require.resolve(name)).href)) as T;
}
