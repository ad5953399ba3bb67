import { encodeEntry, FIRST_SUM } from './journal-codec.js';
import type { JournalEntry } from './journal-entry.js';
import type { JournalFile } from './journal-file.js';
import { EMPTY_LEDGER, evolveLedger, type Ledger } from './ledger.js';

/** Why nothing may run. */
export type JournalTrouble =
  | { readonly why: 'journal-unwritable'; readonly detail: string }
  | {
      readonly why: 'needs-resync';
      readonly detail: string;
      /** Number of the resync before this one: an older one, played again, changes nothing. */
      readonly lastResync: number;
    };

/** Thrown when an entry could not be made durable: what was about to happen must not happen. */
export class JournalUnwritableError extends Error {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The journal cannot be written: ${reason}. Free the disk or make it writable; nothing runs until then.`,
    );
    this.name = 'JournalUnwritableError';
  }
}

/** Where a journal goes on. */
export interface JournalState {
  readonly ledger: Ledger;
  readonly sum: string;
  readonly bytes: number;
}

/** The append-only memory of this host. An entry counts only when it is on the disk. */
export class Journal {
  private state: JournalState;
  private broken = false;

  constructor(
    private readonly file: JournalFile | undefined,
    readonly trouble: JournalTrouble | undefined,
    start?: JournalState,
  ) {
    this.state = start ?? { ledger: EMPTY_LEDGER, sum: FIRST_SUM, bytes: 0 };
  }

  get ledger(): Ledger {
    return this.state.ledger;
  }

  /** Writes one entry; throws JournalUnwritableError when it is not safely on the disk. */
  append(entry: JournalEntry): void {
    if (this.file === undefined || this.broken)
      throw new JournalUnwritableError('it is out of order');
    const { line, sum } = encodeEntry(entry, this.state.sum);
    try {
      this.file.append(line);
    } catch (error) {
      this.undo(this.file);
      throw new JournalUnwritableError(error);
    }
    const bytes = this.state.bytes + Buffer.byteLength(line);
    this.state = { ledger: evolveLedger(this.state.ledger, entry), sum, bytes };
  }

  /** Writes an entry whose loss does no harm. */
  note(entry: JournalEntry): void {
    try {
      this.append(entry);
    } catch (error) {
      if (!(error instanceof JournalUnwritableError)) throw error;
      this.state = { ...this.state, ledger: evolveLedger(this.state.ledger, entry) };
    }
  }

  close(): void {
    this.file?.close();
  }

  /** Half a line must not stay: the next entry would follow it and make the whole unreadable. */
  private undo(file: JournalFile): void {
    try {
      file.cut(this.state.bytes);
    } catch {
      this.broken = true;
    }
  }
}
