import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { compacted } from './journal-compaction.js';
import { decodeJournal, encodeEntry, FIRST_SUM } from './journal-codec.js';
import type { JournalEntry } from './journal-entry.js';
import { openJournalFile, replaceFile } from './journal-file.js';
import { Journal, type JournalState, type JournalTrouble } from './journal.js';
import { EMPTY_LEDGER, evolveLedger } from './ledger.js';

const RESYNC =
  'once you know why, `gantry hosts resync HOST --reason TEXT`, or `listener resync` on the host';

/** Numbers of the log from which a journal is begun anew, and the command that brought them. */
export interface ResyncNumbers {
  readonly cmdId: string;
  readonly seq: number;
  readonly epoch: number;
}

/** Whether a listener has lived in this folder before. Asked before it makes its key. */
export const hasPast = (stateDir: string): boolean =>
  existsSync(names(stateDir).marker) || existsSync(join(stateDir, 'host.key'));

/**
 * Opens the journal of a state folder. When it once existed and is gone, or is damaged other than at its torn end, the journal
 * comes back with a trouble: everything is refused, because a command that ran before could not be told from a new one.
 */
export function openJournal(stateDir: string, now: Date, past = hasPast(stateDir)): Journal {
  const { path, marker } = names(stateDir);
  const lost = (what: string): Journal => lostJournal(marker, what);
  if (!existsSync(path)) {
    if (past || existsSync(marker)) return lost('the journal is gone although it once existed');
    return started(path, marker, [
      { kind: 'opened', format: 1, at: now.toISOString(), notBefore: null },
    ]);
  }
  const reading = decodeJournal(readFileSync(path));
  if (reading.kind === 'corrupt') return lost(`the journal is damaged in line ${reading.line}`);
  const ledger = reading.entries.reduce(evolveLedger, EMPTY_LEDGER);
  if (reading.entries.length === 0 && past) return lost('the journal is empty');
  return started(path, marker, compacted(ledger, reading.entries, now.toISOString()));
}

/**
 * Puts the damaged journal aside and begins anew. With numbers of the log, every command that was given a lower one is refused for
 * good; a person at the host has none, and there everything issued up to now is.
 */
export function resyncJournal(
  stateDir: string,
  now: Date,
  numbers?: ResyncNumbers,
): { readonly journal: Journal; readonly aside: string } {
  const { path, marker } = names(stateDir);
  const at = now.toISOString();
  const aside = `${path}.lost-${now.getTime()}`;
  // First: should this life end here, the same command must not be good a second time.
  if (numbers !== undefined) replaceFile(marker, markerText(numbers.seq));
  if (existsSync(path)) renameSync(path, aside);
  const notBefore = numbers === undefined ? at : null;
  const entries: readonly JournalEntry[] = [
    { kind: 'opened', format: 1, at, notBefore },
    ...(numbers === undefined
      ? []
      : ([
          { kind: 'mark', ...numbers },
          { kind: 'seen', ...numbers },
        ] as const)),
  ];
  return { journal: started(path, marker, entries), aside };
}

const markerText = (lastResync: number): string =>
  `The journal beside this file exists.\nlast resync: ${lastResync}\n`;

function lastResync(marker: string): number {
  const text = existsSync(marker) ? readFileSync(marker, 'utf8') : '';
  return Number(/^last resync: (\d{1,16})$/m.exec(text)?.[1] ?? 0);
}

function names(stateDir: string): { path: string; marker: string } {
  return { path: join(stateDir, 'journal'), marker: join(stateDir, 'journal.exists') };
}

function lostJournal(marker: string, what: string): Journal {
  const trouble: JournalTrouble = {
    why: 'needs-resync',
    detail: `${what}; ${RESYNC}.`,
    lastResync: lastResync(marker),
  };
  return new Journal(undefined, trouble);
}

/** Writes the entries as the whole journal. A disk that takes none is told with every refusal, not by a crash. */
function started(path: string, marker: string, entries: readonly JournalEntry[]): Journal {
  const state = stateOf(entries);
  try {
    replaceFile(path, state.text);
    if (!existsSync(marker)) replaceFile(marker, markerText(0));
    return new Journal(openJournalFile(path), undefined, state);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new Journal(undefined, { why: 'journal-unwritable', detail: reason }, state);
  }
}

function stateOf(entries: readonly JournalEntry[]): JournalState & { readonly text: string } {
  let sum = FIRST_SUM;
  let text = '';
  for (const entry of entries) {
    const encoded = encodeEntry(entry, sum);
    text += encoded.line;
    ({ sum } = encoded);
  }
  const ledger = entries.reduce(evolveLedger, EMPTY_LEDGER);
  return { ledger, sum, bytes: Buffer.byteLength(text), text };
}
