import { HostQueryCommand, HostRunCommand, HostRunStatus } from '@gantry/contracts';
import { describe, expect, it } from '@jest/globals';
import { base, command, findKey, NOW, run, SELF } from '../../test/signed.js';
import type { Received } from '../connection/link.js';
import { compacted } from '../journal/journal-compaction.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import { JournalUnwritableError } from '../journal/journal.js';
import { EMPTY_LEDGER, evolveLedger, type Ledger } from '../journal/ledger.js';
import { checkCommand } from '../security/command-gate.js';
import type { RawCommand } from '../security/verify-command.js';
import { CommandDesk, type DeskParts } from './command-desk.js';

/** A desk with its real gate, a journal in memory that may be full, and what it answered. */
class Desk {
  entries: JournalEntry[] = [];
  full = false;
  readonly answers: string[] = [];
  private readonly desk: CommandDesk;

  constructor() {
    const parts: Partial<DeskParts> = {
      memory: this,
      check: (message) => this.check(message as unknown as RawCommand),
      conductor: { repeat: () => undefined, enqueue: () => undefined },
      refusals: { add: ({ code }) => this.answers.push(`refused ${code}`) },
      send: ({ definition, data }) => {
        const told = HostRunStatus.schema.partial().safeParse(data).data?.state;
        this.answers.push(told ?? definition.type);
      },
      now: () => NOW,
    };
    this.desk = new CommandDesk(parts as DeskParts);
  }

  append(entry: JournalEntry): void {
    if (this.full) throw new JournalUnwritableError('ENOSPC');
    this.entries.push(entry);
  }

  note(entry: JournalEntry): void {
    this.entries.push(entry);
  }

  get ledger(): Ledger {
    return this.entries.reduce(evolveLedger, EMPTY_LEDGER);
  }

  /** The shortest journal that means the same. */
  compact(): void {
    this.entries = [...compacted(this.ledger, this.entries, NOW.toISOString())];
  }

  take(raw: RawCommand): string | undefined {
    this.desk.take({ ...raw, ack: () => undefined } as unknown as Received);
    return this.answers.at(-1);
  }

  private check(raw: RawCommand) {
    return checkCommand(raw, {
      ...{ self: SELF, findKey, ledger: this.ledger, trouble: undefined, now: NOW },
      policy: { packages: ['shopweb'], noopOnly: false },
    });
  }
}

const query = (cmdId: string, seq: number) =>
  command(HostQueryCommand, { ...base(cmdId, seq), about: 'run-1' });
const theRun = () => command(HostRunCommand, { ...base('run-1', 5), ...run });

describe('F-021 a question about a run that never came', () => {
  it('is answered "never seen" only once the journal holds that the run will be refused', () => {
    const desk = new Desk();
    expect(desk.take(query('q-1', 6))).toBe('never-seen');
    expect(desk.ledger.disowned).toEqual(new Set(['run-1']));
    desk.take(theRun());
    expect(desk.answers).toContain('refused disowned');
  });

  it('is not answered while the journal takes nothing, and the run is taken when it comes', () => {
    const desk = new Desk();
    desk.full = true;
    expect(desk.take(query('q-1', 6))).toBeUndefined();
    desk.full = false;
    desk.take(theRun());
    expect(desk.ledger.runs.has('run-1')).toBe(true);
    expect(desk.answers).toEqual([]);
  });

  it('is remembered by a journal that was made shorter, however often it was asked', () => {
    const desk = new Desk();
    desk.take(query('q-1', 6));
    desk.take(query('q-1', 6));
    desk.take(query('q-2', 7));
    expect(desk.answers).toEqual(['never-seen', 'never-seen', 'never-seen']);
    desk.compact();
    desk.take(theRun());
    expect(desk.answers).toContain('refused disowned');
  });
});
