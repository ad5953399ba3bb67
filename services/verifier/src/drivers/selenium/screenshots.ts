import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { GateEvidence } from '@gantry/contracts';

const MAX_FILES = 100;
const MAX_BYTES = 10_000_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._ -]{0,150}\.(?:png|jpe?g|webp)$/;

/** The pictures a suite left, by name; whatever else it left, or left too much of, is removed. */
export async function collectScreenshots(
  folder: string,
  gateRunId: string,
): Promise<NonNullable<GateEvidence['screenshots']>> {
  const kept = [];
  for (const name of (await readdir(folder)).sort()) {
    const file = join(folder, name);
    const info = await lstat(file);
    const isPicture = info.isFile() && NAME.test(name) && info.size <= MAX_BYTES;
    if (!isPicture || kept.length >= MAX_FILES) {
      await rm(file, { recursive: true, force: true });
      continue;
    }
    kept.push({ name, sha256: (await sha256Of(file)) as never, path: `${gateRunId}/${name}` });
  }
  return kept;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
