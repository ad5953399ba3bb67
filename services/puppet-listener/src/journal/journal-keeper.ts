import { crashPoint } from '../host/crash-point.js';
import type { RunMemory } from '../agent/run-conductor.js';
import type { JournalEntry } from './journal-entry.js';
import type { Journal, JournalTrouble } from './journal.js';
import type { Ledger } from './ledger.js';

/** Holds the journal, and opens it anew after a disk that was full has room again. */
export class JournalKeeper implements RunMemory {
  private journal: Journal;

  constructor(private readonly open: () => Journal) {
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
