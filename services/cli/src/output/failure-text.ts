import type { Failure } from '../failure.js';
import { plain, type Terminal } from '../terminal.js';
import { findingLines } from './findings.js';

/** A failure for people: what happened, why, what to do next. */
export function failureText(terminal: Terminal, failure: Failure): string {
  const { colors } = terminal;
  // The message names the first mistake; the list is worth its space only when there are more.
  const errors = failure.errors.length > 1 ? failure.errors : [];
  const lines = [
    `${colors.red('error')} ${plain(failure.message)} ${colors.dim(`(${failure.code})`)}`,
    ...errors.map(({ path, message }) => `  ${plain(path)}: ${plain(message)}`),
    ...findingLines(terminal, failure.findings),
    ...(failure.todo === '' ? [] : [plain(failure.todo)]),
  ];
  return `${lines.join('\n')}\n`;
}
