import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import type { Terminal } from './terminal.js';

const DEFAULT_COLUMNS = 100;

/** The terminal this process runs in. NO_COLOR and FORCE_COLOR are respected. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  const isTty = stdout.isTTY;
  return {
    isTty,
    columns: isTty ? stdout.columns : DEFAULT_COLUMNS,
    colors: pc.createColors(pc.isColorSupported),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    confirm: async (question) => {
      if (!isTty || !stdin.isTTY) return false;
      const lines = createInterface({ input: stdin, output: stderr });
      const answer = await lines.question(`${question} [y/N] `);
      lines.close();
      return /^y(?:es)?$/i.test(answer.trim());
    },
  };
}
