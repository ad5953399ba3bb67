import { isSettled, type RunState } from '../run-state.js';
import type { DesiredEntry, JournalEntry } from './journal-entry.js';
import { cmdIdOf, desiredKey, isRunEntry, type Ledger } from './ledger.js';

const KEPT_RUNS = 200;

/**
 * The shortest journal that folds to what still matters: the marks, every unfinished run, the newest finished ones (a repeated
 * command is answered from them), and the last mark of each desired version.
 */
export function compacted(
  ledger: Ledger,
  entries: readonly JournalEntry[],
  at: string,
): readonly JournalEntry[] {
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
  if (isRunEntry(entry)) return runs.has(cmdIdOf(entry));
  switch (entry.kind) {
    case 'opened':
    case 'mark':
      return false;
    case 'seen':
      return (
        ledger.seen.has(entry.cmdId) ||
        (entry.disowned !== undefined && ledger.disowned.has(entry.disowned))
      );
    case 'desired':
      return isLastDesired(entry, ledger);
  }
}

function isLastDesired(entry: DesiredEntry, { desired }: Ledger): boolean {
  return entry.keys.some((key) => desired.get(desiredKey(entry.host, key))?.seq === entry.seq);
}
