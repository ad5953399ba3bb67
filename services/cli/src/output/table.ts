import Table from 'cli-table3';
import { plain, type Terminal } from '../terminal.js';

const LINELESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A cell: text from elsewhere, or text already coloured here. */
export type Cell = string | { readonly colored: string };

/** A table without lines, as shells like it; every cell is made safe to print. */
export function table(
  { colors }: Terminal,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const made = new Table({
    head: head.map((title) => colors.bold(title)),
    chars: LINELESS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows)
    made.push(row.map((cell) => (typeof cell === 'string' ? plain(cell) : cell.colored)));
  return `${made.toString().replace(/[ ]+$/gm, '')}\n`;
}
