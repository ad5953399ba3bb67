import { isMet, type Goal, type Row } from './measure/compare.js';
import type { Machine } from './measure/machine.js';

/** What one bench found, and how busy the machine was when it began and ended. */
export interface Report {
  readonly bench: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly before: Machine;
  readonly after: Machine;
}

/** A report as a Markdown table, as it stands in docs/benchmarks.md. */
export function markdown({ title, rows, before, after }: Report): string {
  const lines = rows.map((row) =>
    cells(
      row.what,
      row.who,
      `${rounded(row.figure)} ${row.unit}`,
      row.spread.map(rounded).join(' - '),
      row.ratio === undefined ? '' : rounded(row.ratio),
      row.goal === undefined ? '' : goalText(row.goal),
      verdict(row),
    ),
  );
  return [
    `### ${title}`,
    '',
    cells('what', 'who', 'median', 'rounds', 'Gantry / this', 'goal', 'met'),
    cells('---', '---', '---', '---', '---', '---', '---'),
    ...lines,
    '',
    `Load average ${before.load} before, ${after.load} after, on ${before.cores} cores.`,
  ].join('\n');
}

function cells(...texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}

function rounded(value: number): string {
  if (!Number.isFinite(value)) return '?';
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

function goalText({ atLeast, atMost, of }: Goal): string {
  const limit = atLeast === undefined ? `<= ${atMost ?? '?'}` : `>= ${atLeast}`;
  return of === 'ratio' ? `ratio ${limit}` : limit;
}

function verdict(row: Row): string {
  const met = isMet(row);
  return met === undefined ? '' : met ? 'yes' : 'no';
}
