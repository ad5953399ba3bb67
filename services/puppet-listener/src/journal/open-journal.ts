import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { compacted } from './journal-compaction.js';
import { decodeJournal, encodeEntry, FIRST_SUM } from './journal-codec.js';
import type { JournalEntry } from './journal-entry.js';
import { openJournalFile, replaceFile } from './journal-file.js';
import { Journal, type JournalState, type JournalTrouble } from './journal.js';
import { EMPTY_LEDGER, evolveLedger } from './ledger.js';

const RESYNC = 'run `listener resync` on the host once you know why';

/**
 * Opens the journal of a state folder. When it once existed and is gone, or is damaged other than at its torn end, the journal
 * comes back with a trouble: everything is refused, because a command that ran before could not be told from a new one.
 */
export function openJournal(stateDir: string, now: Date): Journal {
  const { path, marker } = names(stateDir);
  if (!existsSync(path)) {
    if (existsSync(marker)) return lost('the journal is gone although it once existed');
    return started(path, marker, [
      { kind: 'opened', format: 1, at: now.toISOString(), notBefore: null },
    ]);
  }
  const reading = decodeJournal(readFileSync(path));
  if (reading.kind === 'corrupt') return lost(`the journal is damaged in line ${reading.line}`);
  const ledger = reading.entries.reduce(evolveLedger, EMPTY_LEDGER);
  if (reading.entries.length === 0 && existsSync(marker)) return lost('the journal is empty');
  return started(path, marker, compacted(ledger, reading.entries, now.toISOString()));
}

/** Puts the damaged journal aside and begins anew: no command issued up to now can ever run again. */
export function resyncJournal(stateDir: string, now: Date): string {
  const { path, marker } = names(stateDir);
  const aside = `${path}.lost-${now.getTime()}`;
  if (existsSync(path)) renameSync(path, aside);
  const at = now.toISOString();
  started(path, marker, [{ kind: 'opened', format: 1, at, notBefore: at }]).close();
  return aside;
}

function names(stateDir: string): { path: string; marker: string } {
  return { path: join(stateDir, 'journal'), marker: join(stateDir, 'journal.exists') };
}

function lost(what: string): Journal {
  const trouble: JournalTrouble = { why: 'needs-resync', detail: `${what}; ${RESYNC}.` };
  return new Journal(undefined, trouble);
}

/** Writes the entries as the whole journal. A disk that takes none is told with every refusal, not by a crash. */
function started(path: string, marker: string, entries: readonly JournalEntry[]): Journal {
  const state = stateOf(entries);
  try {
    replaceFile(path, state.text);
    if (!existsSync(marker)) replaceFile(marker, 'The journal beside this file exists.\n');
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
