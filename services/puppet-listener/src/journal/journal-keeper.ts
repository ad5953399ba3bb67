import { crashPoint } from '../host/crash-point.js';
import type { RunMemory } from '../agent/run-conductor.js';
import type { JournalEntry } from './journal-entry.js';
import { JournalUnwritableError, type Journal, type JournalTrouble } from './journal.js';
import type { Ledger } from './ledger.js';
import type { ResyncNumbers } from './open-journal.js';

/** Holds the journal, and opens it anew after a disk that was full has room again. */
export class JournalKeeper implements RunMemory {
  private journal: Journal;

  constructor(
    private readonly open: () => Journal,
    private readonly begin: (numbers: ResyncNumbers) => Journal,
  ) {
    this.journal = open();
  }

  get ledger(): Ledger {
    return this.journal.ledger;
  }

  get trouble(): JournalTrouble | undefined {
    return this.journal.trouble;
  }

  /** Tries again when the journal could not be written; what memory holds stays until that works. */
  mend(): void {
    if (this.journal.trouble?.why !== 'journal-unwritable') return;
    const again = this.open();
    if (again.trouble === undefined) this.journal = again;
  }

  /** Begins anew; throws JournalUnwritableError when the disk does not take it, and then all stays refused. */
  resync(numbers: ResyncNumbers): void {
    this.journal.close();
    const begun = this.begin(numbers);
    if (begun.trouble === undefined) {
      this.journal = begun;
      return;
    }
    begun.close();
    this.journal = this.open();
    throw new JournalUnwritableError(begun.trouble.detail);
  }

  append(entry: JournalEntry): void {
    crashPoint('journaling', entry.kind);
    this.journal.append(entry);
    crashPoint('journaled', entry.kind);
  }

  note(entry: JournalEntry): void {
    crashPoint('journaling', entry.kind);
    this.journal.note(entry);
    crashPoint('journaled', entry.kind);
  }

  close(): void {
    this.journal.close();
  }
}
