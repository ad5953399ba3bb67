import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contextOf, runData } from '../../test/runs.js';
import { decodeJournal } from './journal-codec.js';
import type { JournalEntry } from './journal-entry.js';
import type { JournalFile } from './journal-file.js';
import { Journal, JournalUnwritableError } from './journal.js';
import { EMPTY_LEDGER, evolveLedger } from './ledger.js';
import { openJournal, resyncJournal } from './open-journal.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(60_000);

const NOW = new Date('2026-03-01T12:00:00.000Z');
const before = [{ name: 'shöpweb', evr: '1.1.0-1', nevra: null }] as never;
const ENTRIES: readonly JournalEntry[] = [
  { kind: 'seen', cmdId: 'f-1', seq: 1, epoch: 0 },
  { kind: 'seen', cmdId: 'q-1', seq: 1, epoch: 0, disowned: 'c-0' },
  { kind: 'accepted', context: contextOf('c-1'), command: runData('c-1', 2) },
  { kind: 'starting', cmdId: 'c-1', at: NOW.toISOString(), bootId: 'b', before },
  { kind: 'started', cmdId: 'c-1', process: { pid: 42, startTicks: '7', bootId: 'b' } },
  { kind: 'confirmed', cmdId: 'c-1', reply: 'started' },
  { kind: 'desired', cmdId: 'd-1', host: 'web1.lab', keys: ['a::b'], seq: 3, epoch: 1 },
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gantry-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const path = (): string => join(folder, 'journal');

function written(): Buffer {
  const journal = openJournal(folder, NOW);
  for (const entry of ENTRIES) journal.append(entry);
  journal.close();
  return readFileSync(path());
}

describe('a journal that a crash cut off', () => {
  it('holds exactly the whole lines, wherever it was cut', () => {
    const whole = written();
    const all = decodeJournal(whole);
    const expected = all.kind === 'good' ? all.entries : [];
    expect(expected).toHaveLength(ENTRIES.length + 1);
    for (let at = 0; at <= whole.length; at += 1) {
      const cut = whole.subarray(0, at);
      const lines = cut.toString('latin1').split('\n').length - 1;
      expect(decodeJournal(cut)).toEqual({
        kind: 'good',
        entries: expected.slice(0, lines),
        goodBytes: cut.lastIndexOf(0x0a) + 1,
      });
    }
  });

  it('goes on after the last whole line', () => {
    const whole = written();
    writeFileSync(path(), whole.subarray(0, whole.length - 3));
    const journal = openJournal(folder, NOW);
    expect(journal.trouble).toBeUndefined();
    expect(journal.ledger.runs.get('c-1')).toMatchObject({
      status: 'started',
      confirmed: ['started'],
    });
    expect(journal.ledger.desired.size).toBe(0);
    journal.append(ENTRIES.at(-1)!);
    journal.close();
    expect(openJournal(folder, NOW).ledger.desired.size).toBe(1);
  });
});

describe('a journal that was damaged', () => {
  it('is refused whichever byte of its body changed, and runs nothing', () => {
    const whole = written();
    for (let at = 0; at < whole.length - 1; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = changed[at]! ^ 0x04;
      // A changed newline at the very end makes the last line a torn one; everything else is damage.
      expect(decodeJournal(changed).kind).toBe('corrupt');
    }
  });

  it('is refused when a line in the middle is gone', () => {
    const lines = written().toString().split('\n');
    expect(decodeJournal(Buffer.from(lines.filter((_, n) => n !== 2).join('\n'))).kind).toBe(
      'corrupt',
    );
  });

  it('needs a resync, and one that is gone too', () => {
    const whole = written();
    writeFileSync(path(), `x${whole.toString()}`);
    expect(openJournal(folder, NOW).trouble).toMatchObject({ why: 'needs-resync' });
    expect(() => openJournal(folder, NOW).append(ENTRIES[0]!)).toThrow(JournalUnwritableError);
    rmSync(path());
    expect(openJournal(folder, NOW).trouble).toMatchObject({ why: 'needs-resync' });
    writeFileSync(path(), '');
    expect(openJournal(folder, NOW).trouble).toMatchObject({ why: 'needs-resync' });
  });

  it('is begun anew by a resync, which closes the past', () => {
    writeFileSync(path(), `x${written().toString()}`);
    const { journal: begun, aside } = resyncJournal(folder, NOW);
    begun.close();
    expect(existsSync(aside)).toBe(true);
    const journal = openJournal(folder, NOW);
    expect(journal.trouble).toBeUndefined();
    expect(journal.ledger.notBefore).toBe(NOW.toISOString());
  });
});

describe('a journal that is opened again', () => {
  it('remembers everything that matters, however often', () => {
    written();
    const first = openJournal(folder, NOW);
    const remembered = first.ledger;
    first.close();
    const again = openJournal(folder, NOW);
    expect(again.ledger).toEqual(remembered);
    expect(again.ledger).toMatchObject({ seq: 2, epoch: 1 });
    expect(again.ledger.seen.get('f-1')).toBe(1);
  });

  it('forgets settled runs of long ago but neither their sequence nor unfinished ones', () => {
    const journal = openJournal(folder, NOW);
    journal.append({ kind: 'accepted', context: contextOf('open'), command: runData('open', 1) });
    for (let n = 2; n <= 252; n += 1) {
      journal.append({
        kind: 'accepted',
        context: contextOf(`c-${n}`),
        command: runData(`c-${n}`, n),
      });
      journal.append({
        kind: 'finished',
        cmdId: `c-${n}`,
        outcome: { verdict: { kind: 'not-run' } } as never,
      });
    }
    journal.close();
    const { ledger } = openJournal(folder, NOW);
    expect(ledger.runs.size).toBe(201);
    expect(ledger.runs.has('open')).toBe(true);
    expect(ledger.seq).toBe(252);
  });
});

describe('a disk that takes nothing', () => {
  /** A file that writes half of a line and then fails, as often as told. */
  function fullDisk(failures: number, cutFails = false): JournalFile & { text: string } {
    return {
      text: '',
      append(text) {
        if (failures-- > 0) {
          this.text += text.slice(0, text.length / 2);
          throw new Error('ENOSPC: no space left on device');
        }
        this.text += text;
      },
      cut(bytes) {
        if (cutFails) throw new Error('EIO');
        this.text = Buffer.from(this.text).subarray(0, bytes).toString();
      },
      close: () => undefined,
    };
  }

  it('is told by an error, and leaves no half line behind', () => {
    const file = fullDisk(1);
    const journal = new Journal(file, undefined);
    expect(() => journal.append(ENTRIES[1]!)).toThrow(/ENOSPC/);
    expect(journal.ledger.runs.size).toBe(0);
    journal.append(ENTRIES[0]!);
    journal.append(ENTRIES[1]!);
    const reading = decodeJournal(Buffer.from(file.text));
    expect(reading).toMatchObject({ kind: 'good', entries: ENTRIES.slice(0, 2) });
  });

  it('ends the journal when the half line cannot be taken back', () => {
    const journal = new Journal(fullDisk(1, true), undefined);
    expect(() => journal.append(ENTRIES[0]!)).toThrow(JournalUnwritableError);
    expect(() => journal.append(ENTRIES[0]!)).toThrow(/out of order/);
  });
});

describe('the ledger', () => {
  it('keeps the highest sequence and epoch whatever comes, and no mark of what only reads', () => {
    const ledger = [
      { kind: 'mark', seq: 9, epoch: 4 },
      { kind: 'mark', seq: 3, epoch: 9 },
      { kind: 'seen', cmdId: 'a', seq: 30, epoch: 30 },
    ].reduce((l, e) => evolveLedger(l, e as JournalEntry), EMPTY_LEDGER);
    expect(ledger).toMatchObject({ seq: 9, epoch: 9 });
  });
});
