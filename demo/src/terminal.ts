import type { Progress } from '@gantry/lab';
import colors from 'picocolors';

const startedAt = Date.now();
const elapsed = (): string => `${((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6)}s`;

/** One line of progress. Everything for people goes to stderr: stdout carries the summary alone. */
export function say(text: string): void {
  process.stderr.write(`${colors.dim(elapsed())}  ${text}\n`);
}

/** A heading between the acts. */
export function heading(text: string): void {
  process.stderr.write(`\n${colors.dim(elapsed())}  ${colors.bold(text)}\n`);
}

/** How the lab's start goes on. */
export function tellProgress({ phase, detail, done, ms }: Progress): void {
  if (done) say(`${good('ready')}  ${phase} (${(ms / 1_000).toFixed(1)} s)`);
  else say(`start  ${phase}: ${detail}`);
}

export const good = (text: string): string => colors.green(text);
export const bad = (text: string): string => colors.red(text);
export const faint = (text: string): string => colors.dim(text);
