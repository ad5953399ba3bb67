import { compacted } from '../../../services/puppet-listener/src/journal/journal-compaction.js';
import {
  decodeJournal,
  encodeEntry,
  FIRST_SUM,
} from '../../../services/puppet-listener/src/journal/journal-codec.js';
import type { JournalEntry } from '../../../services/puppet-listener/src/journal/journal-entry.js';
import { Journal } from '../../../services/puppet-listener/src/journal/journal.js';
import {
  EMPTY_LEDGER,
  evolveLedger,
} from '../../../services/puppet-listener/src/journal/ledger.js';
import type { ResyncNumbers } from '../../../services/puppet-listener/src/journal/open-journal.js';

/** A disk with one journal on it: outlives the listener, and may be full. */
export class MemoryDisk {
  isFull = false;
  isDamaged = false;
  private text: string | undefined;
  private lastResync = 0;

  /** Somebody, or the disk itself, has spoilt it. */
  damage(): void {
    this.isDamaged = true;
    this.text = `spoilt ${this.text ?? ''}`;
  }

  /** What `openJournal` does on a folder: codec, compaction and journal are the real ones. */
  openJournal(now: Date): Journal {
    const at = now.toISOString();
    if (this.text === undefined)
      return this.begun([{ kind: 'opened', format: 1, at, notBefore: null }]);
    const reading = decodeJournal(Buffer.from(this.text));
    if (reading.kind === 'corrupt')
      return new Journal(undefined, {
        ...{ why: 'needs-resync', detail: 'the journal is damaged', lastResync: this.lastResync },
      });
    const ledger = reading.entries.reduce(evolveLedger, EMPTY_LEDGER);
    return this.begun(compacted(ledger, reading.entries, at));
  }

  /** What `resyncJournal` does with numbers of the log. */
  resyncJournal(now: Date, numbers: ResyncNumbers): Journal {
    this.lastResync = numbers.seq;
    this.isDamaged = false;
    return this.begun([
      { kind: 'opened', format: 1, at: now.toISOString(), notBefore: null },
      { kind: 'mark', ...numbers },
      { kind: 'seen', ...numbers },
    ]);
  }

  private begun(entries: readonly JournalEntry[]): Journal {
    let sum = FIRST_SUM;
    let text = '';
    for (const entry of entries) {
      const encoded = encodeEntry(entry, sum);
      text += encoded.line;
      ({ sum } = encoded);
    }
    this.text = text;
    const ledger = entries.reduce(evolveLedger, EMPTY_LEDGER);
    const file = {
      append: (line: string) => this.append(line),
      cut: (bytes: number) => void (this.text = this.text?.slice(0, bytes)),
      close: () => undefined,
    };
    return new Journal(file, undefined, { ledger, sum, bytes: text.length });
  }

  private append(line: string): void {
    if (this.isFull) throw new Error('ENOSPC: no space left on device');
    this.text = (this.text ?? '') + line;
  }
}
