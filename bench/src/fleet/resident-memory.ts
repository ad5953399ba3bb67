import { readFile } from 'node:fs/promises';

/** What a process has in memory, in MB. */
export async function residentMb(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/status`, 'utf8');
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  if (kb === undefined) throw new Error(`process ${pid ?? '?'} is gone`);
  return Number(kb) / 1_024;
}
