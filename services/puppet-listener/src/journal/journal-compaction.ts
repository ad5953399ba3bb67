import { isSettled, type RunState } from '../run-state.js';
import type { JournalEntry } from './journal-entry.js';
import { desiredKey, type Ledger } from './ledger.js';

const KEPT_RUNS = 200;

/**
 * The shortest journal that folds to what still matters: the marks, every unfinished run, the newest finished ones (a repeated
 * command is answered from them), and the last mark of each desired version.
 */
export function compacted(ledger: Ledger, entries: readonly JournalEntry[], at: string): readonly JournalEntry[] {
  const keep = keptRuns(ledger.runs);
  return [
    { kind: 'opened', format: 1, at, notBefore: ledger.notBefore },
    { kind: 'mark', seq: ledger.seq, epoch: ledger.epoch },
    ...entries.filter((entry) => isKept(entry, ledger, keep)),
  ];
}

function keptRuns(runs: ReadonlyMap<string, RunState>): ReadonlySet<string> {
  const all = [...runs];
  const recent = all.slice(-KEPT_RUNS).map(([cmdId]) => cmdId);
  return new Set([...recent, ...all.filter(([, run]) => !isSettled(run)).map(([cmdId]) => cmdId)]);
}

function isKept(entry: JournalEntry, ledger: Ledger, runs: ReadonlySet<string>): boolean {
  switch (entry.kind) {
    case 'opened':
    case 'mark':
      return false;
    case 'seen':
      return ledger.seen.has(entry.cmdId);
    case 'accepted':
      return runs.has(entry.command.cmdId);
    case 'desired':
      return entry.keys.some((key) => ledger.desired.get(desiredKey(entry.host, key))?.seq === entry.seq);
    case 'starting':
    case 'started':
    case 'finished':
    case 'verified':
    case 'confirmed':
      return runs.has(entry.cmdId);
  }
}
