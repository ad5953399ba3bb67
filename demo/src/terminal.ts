import colors from 'picocolors';

const startedAt = Date.now();
const elapsed = (): string => `${((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6)}s`;

/** One line of progress. Everything for people goes to stderr: stdout carries the summary alone. */
export function say(text: string): void {
  console.error(`${colors.dim(elapsed())}  ${text}`);
}

/** A heading between the acts. */
export function heading(text: string): void {
  console.error(`\n${colors.dim(elapsed())}  ${colors.bold(text)}`);
}

export const good = (text: string): string => colors.green(text);
export const bad = (text: string): string => colors.red(text);
export const faint = (text: string): string => colors.dim(text);
