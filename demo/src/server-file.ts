import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPO_ROOT } from './installation/repo-root.js';

const FOLDER = join(REPO_ROOT, '.gantry');
const FILE = join(FOLDER, 'server');

/** Tells the command line where this demo's gateway is. */
export async function writeServerFile(url: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(FILE, `${JSON.stringify({ url })}\n`);
}

/** Forgets it again. */
export async function removeServerFile(): Promise<void> {
  await rm(FILE, { force: true });
}
