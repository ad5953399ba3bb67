import { createHash } from 'node:crypto';
import type { JournalEntry } from './journal-entry.js';

/** What a journal file turned out to hold. */
export type JournalReading =
  | {
      readonly kind: 'good';
      readonly entries: readonly JournalEntry[];
      /** Bytes that hold whole entries: what follows is a write that was cut off. */
      readonly goodBytes: number;
    }
  | { readonly kind: 'corrupt'; readonly line: number };

const SUM_LENGTH = 16;

/** The line of an entry. Each sum covers the one before it, so that a line missing in the middle is seen. */
export function encodeEntry(
  entry: JournalEntry,
  previousSum: string,
): { line: string; sum: string } {
  const body = JSON.stringify(entry);
  const sum = sumOf(previousSum, body);
  return { line: `${sum} ${body}\n`, sum };
}

/** The sum before the first line. */
export const FIRST_SUM = '0'.repeat(SUM_LENGTH);

/**
 * Reads a journal. A last line without its end is a write that a crash cut off, before anybody acted on it: it is dropped.
 * Anything else that does not fit means that memory was lost, and then nothing may run.
 */
export function decodeJournal(text: Buffer): JournalReading {
  const end = text.lastIndexOf(0x0a) + 1;
  const lines = text.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const entries: JournalEntry[] = [];
  let sum = FIRST_SUM;
  for (const [index, line] of lines.entries()) {
    const body = line.slice(SUM_LENGTH + 1);
    const expected = sumOf(sum, body);
    if (line.slice(0, SUM_LENGTH + 1) !== `${expected} `)
      return { kind: 'corrupt', line: index + 1 };
    entries.push(JSON.parse(body) as JournalEntry);
    sum = expected;
  }
  return { kind: 'good', entries, goodBytes: end };
}

function sumOf(previous: string, body: string): string {
  return createHash('sha256').update(previous).update(body).digest('hex').slice(0, SUM_LENGTH);
}
