import { DesiredVersionCommand, HostResyncCommand, HostRunCommand } from '@gantry/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base, command, findKey, NOW, run, SELF } from '../../test/signed.js';
import { JournalKeeper } from '../journal/journal-keeper.js';
import { hasPast, openJournal, resyncJournal } from '../journal/open-journal.js';
import { RefusalDesk } from '../reply/refusal-desk.js';
import type { Reply } from '../reply/reply-outbox.js';
import { ResyncDesk } from '../reply/resync-desk.js';
import { checkCommand } from './command-gate.js';
import type { GateAnswer, GateView } from './gate-view.js';
import type { RawCommand } from './verify-command.js';

const resync = (cmdId: string, seq: number, change: object = {}): RawCommand =>
  command(HostResyncCommand, { ...base(cmdId, seq), epoch: seq - 1, ...change });
const runCommand = (cmdId: string, seq: number, epoch: number): RawCommand =>
  command(HostRunCommand, { ...base(cmdId, seq), ...run, epoch });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gantry-resync-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A listener on a folder: gate, journal and desk are the real ones. */
class Listener {
  readonly replies: Reply[] = [];
  readonly memory: JournalKeeper;
  private readonly desk: ResyncDesk;

  constructor(private readonly self: GateView['self'] = SELF) {
    const past = hasPast(folder);
    this.memory = new JournalKeeper(
      () => openJournal(folder, NOW, past),
      (numbers) => resyncJournal(folder, NOW, numbers).journal,
    );
    const send = (reply: unknown): void => void this.replies.push(reply as Reply);
    const refusals = new RefusalDesk(this.self.role, { add: () => undefined }, send);
    this.desk = new ResyncDesk(this.self.role, this.memory, refusals, send);
  }

  take(raw: RawCommand, now = NOW): string {
    const { self, memory } = this;
    const answer: GateAnswer = checkCommand(raw, {
      ...{ self, findKey, ledger: memory.ledger, trouble: memory.trouble, now },
      policy: { packages: [], noopOnly: false },
    });
    if (answer.kind === 'refused') return answer.code;
    if ('command' in answer && answer.command.action === 'resync')
      this.desk.handle(answer.command, answer.kind === 'repeat');
    else if (answer.kind === 'accepted' && answer.command.action === 'run') {
      const { context, data } = answer.command;
      memory.append({ kind: 'accepted', context, command: data });
    }
    return answer.kind;
  }
}

function lose(): void {
  writeFileSync(join(folder, 'journal'), 'x\n');
}

describe('F-067 a listener that lost its journal', () => {
  it('refuses everything until a signed resync, and from there on everything from before', () => {
    expect(new Listener().take(runCommand('run-1', 5, 4))).toBe('accepted');
    lose();
    const listener = new Listener();
    expect(listener.take(runCommand('run-2', 7, 6))).toBe('needs-resync');
    expect(listener.take(resync('resync-10', 11))).toBe('accepted');
    expect(listener.replies.map((r) => r.definition.type)).toEqual(['host.resynced']);
    // The one that ran, the one that was refused meanwhile, and an owner from before.
    expect(listener.take(runCommand('run-1', 5, 4))).toBe('old-epoch');
    expect(listener.take(runCommand('run-2', 11, 10))).toBe('old-seq');
    expect(listener.take(runCommand('run-3', 12, 6))).toBe('old-epoch');
    expect(listener.take(runCommand('run-4', 13, 12))).toBe('accepted');
    expect(new Listener().take(runCommand('run-3', 12, 11))).toBe('old-epoch');
  });

  it('tells a resync that comes again again, and begins nothing anew', () => {
    lose();
    const listener = new Listener();
    const raw = resync('resync-10', 11);
    listener.take(raw);
    listener.take(runCommand('run-4', 13, 12));
    expect(listener.take(raw)).toBe('repeat');
    expect(new Listener().take(raw)).toBe('repeat');
    expect(listener.replies.map((r) => r.definition.type)).toEqual([
      'host.resynced',
      'host.resynced',
    ]);
    expect(new Listener().memory.ledger.runs.has('run-4')).toBe(true);
  });

  it('H-048 takes a stolen resync neither with a whole journal nor with one that is lost once more', () => {
    expect(new Listener().take(resync('resync-10', 11))).toBe('not-needed');
    lose();
    expect(new Listener().take(resync('resync-10', 11))).toBe('accepted');
    lose();
    expect(new Listener().take(resync('resync-10', 11))).toBe('old-seq');
    expect(new Listener().take(resync('resync-20', 21))).toBe('accepted');
  });

  it.each([
    ['for another host', { aud: { host: 'web2.lab', keyId: SELF.keyId } }, 'other-host'],
    [
      'for the host before it was made anew',
      { aud: { host: 'web1.lab', keyId: 'h-0' } },
      'other-key',
    ],
    [
      'that has expired',
      { iat: '2026-03-01T11:00:00.000Z', exp: '2026-03-01T11:01:00.000Z' },
      'expired',
    ],
    ['that may live for ever', { exp: '2036-03-01T12:00:00.000Z' }, 'bad-window'],
    ['with more in it than it should have', { force: true }, 'unknown-command'],
  ])('refuses one %s', (_what, change, code) => {
    lose();
    expect(new Listener().take(resync('resync-10', 11, change))).toBe(code);
  });

  it('knows that it had a journal when journal and marker are both gone: its key is there', () => {
    new Listener();
    writeFileSync(join(folder, 'host.key'), 'k');
    rmSync(join(folder, 'journal'));
    rmSync(join(folder, 'journal.exists'));
    expect(new Listener().take(runCommand('run-2', 7, 6))).toBe('needs-resync');
  });

  it('F-066 says so when the disk does not take the new journal, and goes on refusing', () => {
    lose();
    const listener = new Listener();
    rmSync(join(folder, 'journal'));
    const full = new JournalKeeper(
      () => openJournal(folder, NOW, true),
      () => {
        const journal = openJournal(join(folder, 'absent'), NOW, false);
        expect(journal.trouble?.why).toBe('journal-unwritable');
        return journal;
      },
    );
    expect(() => full.resync({ cmdId: 'r', seq: 11, epoch: 10 })).toThrow(/cannot be written/);
    expect(full.trouble?.why).toBe('needs-resync');
    expect(existsSync(join(folder, 'journal'))).toBe(false);
    expect(listener.take(runCommand('run-2', 7, 6))).toBe('needs-resync');
  });
});

describe('a publisher that lost its journal', () => {
  const self = { role: 'publisher', certname: 'puppet.lab', keyId: 'h-aaaaaaaaaaaaaaaa' } as const;
  const aud = { host: 'puppet.lab', keyId: self.keyId };
  const desired = (cmdId: string, seq: number): RawCommand =>
    command(DesiredVersionCommand, {
      ...base(cmdId, seq),
      ...{ aud, server: 'puppet.lab', host: 'web1.lab' },
      versions: [{ hieraKey: 'profile::shop::version', name: 'shop', evr: '1.2.0-1' }],
    });

  it('takes no version from before its resync, and hears no other publisher\u2019s', () => {
    lose();
    const publisher = new Listener(self);
    const other = { host: 'puppet2.lab', keyId: 'h-bbbbbbbbbbbbbbbb' };
    expect(publisher.take(resync('resync-10', 11, { aud: other }))).toBe('not-ours');
    expect(publisher.take(desired('d-1', 7))).toBe('needs-resync');
    expect(publisher.take(resync('resync-10', 11, { aud }))).toBe('accepted');
    expect(publisher.take(desired('d-1', 7))).toBe('old-seq');
    expect(publisher.take(desired('d-2', 12))).toBe('accepted');
  });
});
