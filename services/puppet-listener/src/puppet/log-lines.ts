import type { LogLine } from './log-evidence.js';

/** Reads one line of the run's JSON log; undefined for what is not one (a torn last line, another program's text). */
export function readLogLine(text: string): LogLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { time, level, source, message } = value as Record<string, unknown>;
  if (typeof message !== 'string') return undefined;
  return {
    at: instantOf(time),
    level: typeof level === 'string' ? level.slice(0, 16) : 'notice',
    source: typeof source === 'string' ? source : 'Puppet',
    message,
  };
}

/** Reads a whole log: unreadable lines are left out. */
export function readLogLines(text: string): readonly LogLine[] {
  return text
    .split('\n')
    .map(readLogLine)
    .filter((line) => line !== undefined);
}

function instantOf(value: unknown): string {
  const at = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString();
}
