import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The two files a run writes: Puppet's JSON log, and whatever the process printed. */
export interface RunFiles {
  readonly log: string;
  readonly output: string;
}

const KEPT_RUNS = 20;

/** Names the files of a run and removes those of runs long past. */
export function runFiles(stateDir: string, runId: string): RunFiles {
  const folder = join(stateDir, 'runs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const base = join(folder, runId);
  return { log: `${base}.jsonl`, output: `${base}.out` };
}

/** Keeps the newest runs' files. */
export function sweepRuns(stateDir: string): void {
  const folder = join(stateDir, 'runs');
  const files = readdirSync(folder)
    .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of files.slice(2 * KEPT_RUNS)) rmSync(path, { force: true });
}
