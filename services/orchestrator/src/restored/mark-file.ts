import { readFile, rename, writeFile } from 'node:fs/promises';
import { GantryError } from '@gantry/service-kit';
import { z } from 'zod';
import type { LogMark } from '../persistence/log-mark.repository.js';

const Mark = z.object({
  eventId: z.uuid(),
  position: z.int().min(1),
  fence: z.int().min(0),
});

/** The mark as it was noted last; undefined when there is none yet. */
export async function readMark(file: string): Promise<LogMark | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return Mark.parse(JSON.parse(text));
  } catch {
    throw new GantryError(
      'config',
      'log.mark-unreadable',
      `${file} is no mark of the log, so nobody can tell whether the log was restored: look at why, then remove it.`,
    );
  }
}

/** Notes the mark, whole or not at all. */
export async function writeMark(file: string, mark: LogMark): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(mark));
  await rename(`${file}.new`, file);
}
