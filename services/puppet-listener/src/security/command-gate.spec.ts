import { DesiredVersionCommand, HostFactsCommand, HostRunCommand } from '@gantry/contracts';
import { describe, expect, it, jest } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import {
  base,
  bodyOf,
  command,
  findKey,
  KID,
  NOW,
  run,
  SELF,
  signed,
  STREAM,
} from '../../test/signed.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import { EMPTY_LEDGER, evolveLedger, type Ledger } from '../journal/ledger.js';
import { checkCommand } from './command-gate.js';
import type { GateAnswer, GateView } from './gate-view.js';
import type { RawCommand } from './verify-command.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(60_000);

const view = (more: Partial<GateView> = {}): GateView => ({
  self: SELF,
  findKey,
  ledger: EMPTY_LEDGER,
  trouble: undefined,
  policy: { packages: ['shopweb'], noopOnly: false },
  now: NOW,
  ...more,
});
const check = (raw: RawCommand, more: Partial<GateView> = {}): GateAnswer =>
  checkCommand(raw, view(more));
const runCommand = (change: object = {}): RawCommand =>
  command(HostRunCommand, { ...base('c-1', 5), ...run, ...change });
const at = (ms: number): string => new Date(NOW.getTime() + ms).toISOString();
const codeOf = (answer: GateAnswer): string =>
  answer.kind === 'refused' ? answer.code : answer.kind;

/** The ledger after this command was accepted. */
function remember(raw: RawCommand, ledger: Ledger = EMPTY_LEDGER): Ledger {
  const answer = check(raw, { ledger });
  if (answer.kind !== 'accepted' || answer.command.action !== 'run')
    throw new Error(codeOf(answer));
  const entry: JournalEntry = {
    kind: 'accepted',
    context: answer.command.context,
    command: answer.command.data,
  };
  return evolveLedger(ledger, entry);
}

describe('a good command', () => {
  it('is accepted', () => {
    expect(codeOf(check(runCommand()))).toBe('accepted');
  });
});

describe('a message that no trusted dispatcher signed', () => {
  it('H-049 is refused whichever byte of it was changed', () => {
    const good = runCommand();
    for (let n = 0; n < good.body.length; n += 1) {
      const body = Buffer.from(good.body);
      body[n] = body[n]! ^ 0x01;
      expect(codeOf(check({ ...good, body }))).toBe('bad-signature');
    }
  });

  it('H-049 is refused whichever character of the signature was changed', () => {
    const good = runCommand();
    const signature = good.signature!;
    for (let n = 0; n < signature.length; n += 1) {
      const other = signature[n] === 'A' ? 'B' : 'A';
      const changed = signature.slice(0, n) + other + signature.slice(n + 1);
      expect(codeOf(check({ ...good, signature: changed }))).toBe('bad-signature');
    }
  });

  it.each([
    ['no signature', { signature: undefined }, 'unsigned'],
    ['no key', { keyId: undefined }, 'unsigned'],
    ['another key', { keyId: 'dispatcher-b' }, 'unknown-key'],
    ['a path for a key', { keyId: '../../etc/passwd' }, 'unknown-key'],
    ['a signature that is no base64', { signature: '%%%' }, 'bad-signature'],
    [
      'a signature with something behind it',
      { signature: `${runCommand().signature!}AAAA` },
      'bad-signature',
    ],
    ['too many bytes', { body: Buffer.alloc(70_000) }, 'too-large'],
  ])('is refused: %s', (_what, change, code) => {
    expect(codeOf(check({ ...runCommand(), ...change }))).toBe(code);
  });

  it('is refused when somebody else signed it under the right key id', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    expect(codeOf(check({ ...signed(runCommand().body, privateKey), keyId: KID }))).toBe(
      'bad-signature',
    );
  });
});

describe('a signed message that is no command of this host', () => {
  it.each([
    ['no JSON', signed(Buffer.from('--- yaml')), 'unknown-command'],
    ['not an envelope', signed(Buffer.from('{}')), 'unknown-command'],
    [
      'a reply in place of a command',
      signed(bodyOf(HostRunCommand, {}, { type: 'host.run.finished' })),
      'unknown-command',
    ],
    [
      'H-064 another version',
      signed(
        bodyOf(
          HostRunCommand,
          { ...base('c', 5), ...run },
          { dataschema: 'urn:gantry:host.run.command:2' },
        ),
      ),
      'unknown-command',
    ],
    ['H-054 an extra field', runCommand({ server: 'evil.example.net' }), 'unknown-command'],
    ['H-054 noop as text', runCommand({ noop: 'false' }), 'unknown-command'],
    ['H-055 a shell in an id', runCommand({ cmdId: '$(reboot)' }), 'unknown-command'],
    ['H-055 a leading dash', runCommand({ cmdId: '--server=evil' }), 'unknown-command'],
    ['H-055 a leading dash in a good id', runCommand({ cmdId: '--noop' }), 'bad-id'],
    [
      'H-055 a path for a package',
      runCommand({ wanted: [{ name: '../../x', evr: '1-1' }] }),
      'unknown-command',
    ],
    [
      'H-050 another host',
      runCommand({ aud: { host: 'web2.lab', keyId: SELF.keyId } }),
      'other-host',
    ],
    [
      'H-050 F-060 the host before it was made anew',
      runCommand({ aud: { host: 'web1.lab', keyId: 'h-ffffffffffffffff' } }),
      'other-key',
    ],
    [
      'H-054 an action of another role',
      command(DesiredVersionCommand, desired({})),
      'unknown-command',
    ],
  ])('%s is refused', (_what, raw, code) => {
    expect(codeOf(check(raw))).toBe(code);
  });
});

describe('H-064 a command of another version', () => {
  const future = (data: object) =>
    signed(bodyOf(HostRunCommand, data, { dataschema: 'urn:gantry:host.run.command:2' }));

  it('H-064 is refused with a clear word to whoever sent it, never half understood', () => {
    const answer = check(future({ ...base('c-9', 5), ...run, onlyOnTuesdays: true }));
    expect(answer).toMatchObject({
      code: 'unknown-command',
      why: 'refused',
      detail: expect.stringContaining('unsupported'),
      unread: { type: 'host.run.command', context: { cmdId: 'c-9', stream: STREAM } },
    });
    expect(check(runCommand({ onlyOnTuesdays: true }))).toMatchObject({
      detail: expect.stringContaining('older or newer'),
      unread: { context: { cmdId: 'c-1' } },
    });
  });

  it('is answered by the listener it is for, and by no other', () => {
    const aud = { host: 'web2.lab', keyId: SELF.keyId };
    expect(check(future({ ...base('c-9', 5), aud }))).not.toHaveProperty('unread');
    expect(check(signed(Buffer.from('{}')))).not.toHaveProperty('unread');
  });
});

describe('time', () => {
  it.each([
    ['H-051 ten years of life', { exp: '2036-03-01T12:00:00.000Z' }, 'bad-window'],
    ['H-051 an end before the beginning', { exp: at(-1_000) }, 'bad-window'],
    ['one millisecond over the window', { exp: at(120_001) }, 'bad-window'],
    ['the whole window', { exp: at(120_000) }, 'accepted'],
    ['H-051 F-107 issued 31 s ahead', { iat: at(31_000), exp: at(60_000) }, 'clock-off'],
    ['issued 29 s ahead', { iat: at(29_000), exp: at(60_000) }, 'accepted'],
    ['expired 31 s ago', { iat: at(-60_000), exp: at(-31_000) }, 'expired'],
    ['expired 29 s ago', { iat: at(-60_000), exp: at(-29_000) }, 'accepted'],
  ])('%s', (_what, change, code) => {
    expect(codeOf(check(runCommand(change)))).toBe(code);
  });

  it('F-107 a host whose clock is behind says by how much', () => {
    const answer = check(runCommand(), { now: new Date(at(-601_000)) });
    expect(answer).toMatchObject({
      why: 'refused',
      detail: expect.stringContaining('clock off by 601 s'),
    });
  });

  it('F-024 tells an expired command apart, so that its sender may send another', () => {
    expect(check(runCommand({ iat: at(-60_000), exp: at(-31_000) }))).toMatchObject({
      why: 'expired',
    });
  });

  it('refuses what was issued before the journal was begun anew', () => {
    const ledger = { ...EMPTY_LEDGER, notBefore: at(0) };
    expect(codeOf(check(runCommand(), { ledger }))).toBe('before-resync');
    const later = runCommand({ iat: at(31_000), exp: at(60_000) });
    expect(codeOf(check(later, { ledger, now: new Date(at(31_000)) }))).toBe('accepted');
  });
});

describe('a command that was here before', () => {
  const stolen = runCommand();
  const ledger = remember(stolen);

  it('H-048 is a repeat at once, after it expired, and after a newer command', () => {
    const newer = remember(runCommand({ cmdId: 'c-2', seq: 6 }), ledger);
    expect(codeOf(check(stolen, { ledger }))).toBe('repeat');
    expect(codeOf(check(stolen, { ledger, now: new Date(at(600_000)) }))).toBe('repeat');
    expect(codeOf(check(stolen, { ledger: newer }))).toBe('repeat');
  });

  it('H-048 is refused on another host, with another key, without a memory after its time, and with a clock that is wrong', () => {
    expect(codeOf(check(stolen, { self: { ...SELF, certname: 'web2.lab' } }))).toBe('other-host');
    expect(codeOf(check(stolen, { self: { ...SELF, keyId: 'h-ffffffffffffffff' } }))).toBe(
      'other-key',
    );
    expect(codeOf(check(stolen, { now: new Date(at(95_000)) }))).toBe('expired');
    expect(codeOf(check(stolen, { now: new Date(at(-600_000)) }))).toBe('clock-off');
    expect(codeOf(check(stolen, { now: new Date(at(600_000)) }))).toBe('expired');
  });

  it('is a repeat when it is sent again with a new window, and refused when only its id is the same', () => {
    expect(codeOf(check(runCommand({ iat: at(1_000), exp: at(2_000) }), { ledger }))).toBe(
      'repeat',
    );
    expect(codeOf(check(runCommand({ seq: 9 }), { ledger }))).toBe('id-reused');
  });

  it('F-067 is refused while the journal is in trouble', () => {
    const trouble = { why: 'needs-resync', detail: 'gone', lastResync: 0 } as const;
    expect(check(stolen, { ledger, trouble })).toMatchObject({
      kind: 'refused',
      why: 'needs-resync',
    });
  });
});

describe('what this host lets itself be told', () => {
  const wants = (name: string, change: object = {}) =>
    runCommand({ wanted: [{ name, evr: '1.2.0-1' }], ...change });

  it.each(['kernel', 'glibc', 'shopweb-admin', 'Shopweb'])(
    'H-056 %s is not among its packages: refused, with what would allow it',
    (name) => {
      const answer = check(wants(name));
      expect(answer).toMatchObject({ code: 'forbidden', why: 'refused' });
      expect(answer.kind === 'refused' && answer.detail).toContain('GANTRY_PACKAGES');
    },
  );

  it('H-056 one foreign package among good ones is enough', () => {
    const wanted = ['shopweb', 'kernel'].map((name) => ({ name, evr: '1.2.0-1' }));
    expect(codeOf(check(runCommand({ wanted })))).toBe('forbidden');
    expect(codeOf(check(wants('shopweb')))).toBe('accepted');
  });

  it('H-057 a host that takes runs without changes only refuses every other', () => {
    const policy = { packages: ['shopweb'], noopOnly: true };
    expect(codeOf(check(wants('shopweb'), { policy }))).toBe('forbidden');
    expect(codeOf(check(wants('shopweb', { noop: true }), { policy }))).toBe('accepted');
  });

  it('a refused one leaves no mark: the next good one is taken', () => {
    expect(codeOf(check(wants('kernel', { cmdId: 'c-7', seq: 7 })))).toBe('forbidden');
    expect(codeOf(check(wants('shopweb', { cmdId: 'c-8', seq: 6 })))).toBe('accepted');
  });
});

describe('order', () => {
  const ledger = remember(runCommand({ epoch: 3 }));

  it.each([
    ['a sequence that was used', { cmdId: 'c-9', seq: 5, epoch: 3 }, 'old-seq'],
    ['a sequence from before', { cmdId: 'c-9', seq: 4, epoch: 3 }, 'old-seq'],
    ['H-053 F-012 an owner that was replaced', { cmdId: 'c-9', seq: 6, epoch: 2 }, 'old-epoch'],
    ['the next of the same owner', { cmdId: 'c-9', seq: 6, epoch: 3 }, 'accepted'],
    ['a new owner', { cmdId: 'c-9', seq: 7, epoch: 4 }, 'accepted'],
    ['H-053 an epoch ahead of its own command', { cmdId: 'c-9', seq: 7, epoch: 8 }, 'far-ahead'],
    ['H-053 a number ahead of all time', { cmdId: 'c-9', seq: 2 ** 53 - 1 }, 'far-ahead'],
    [
      'the number of a host that was off for years',
      { cmdId: 'c-9', seq: 9e12, epoch: 3 },
      'accepted',
    ],
  ])('%s', (_what, change, code) => {
    expect(codeOf(check(runCommand(change), { ledger }))).toBe(code);
  });

  it('lets a survey in whatever its number, repeats it, and lets no survey make a run look old', () => {
    const facts = (seq: number): RawCommand =>
      command(HostFactsCommand, { ...base('f-1', seq), epoch: 0, packages: ['shopweb'] });
    expect(codeOf(check(facts(60), { ledger }))).toBe('accepted');
    expect(codeOf(check(facts(1), { ledger }))).toBe('accepted');
    const seen = evolveLedger(ledger, { kind: 'seen', cmdId: 'f-1', seq: 60, epoch: 0 });
    expect(codeOf(check(facts(60), { ledger: seen }))).toBe('repeat');
    expect(seen).toMatchObject({ seq: ledger.seq, epoch: ledger.epoch });
  });

  it('F-021 refuses a run that it has called never seen, and no other', () => {
    const disowned = evolveLedger(ledger, {
      ...{ kind: 'seen', cmdId: 'q-1', seq: 8, epoch: 3 },
      disowned: 'c-9',
    });
    const late = check(runCommand({ cmdId: 'c-9', seq: 7, epoch: 3 }), { ledger: disowned });
    expect(late).toMatchObject({ code: 'disowned', why: 'expired' });
    const next = runCommand({ cmdId: 'c-10', seq: 9, epoch: 3 });
    expect(codeOf(check(next, { ledger: disowned }))).toBe('accepted');
  });
});

function desired(change: object): object {
  return {
    ...base('d-1', 5),
    ...{
      aud: { host: 'puppet.lab', keyId: 'h-aaaaaaaaaaaaaaaa' },
      server: 'puppet.lab',
      host: 'web1.lab',
    },
    versions: [{ hieraKey: 'profile::shop::version', name: 'shopweb', evr: '1.2.0-1' }],
    ...change,
  };
}

describe('a desired version', () => {
  const self = { role: 'publisher', certname: 'puppet.lab', keyId: 'h-aaaaaaaaaaaaaaaa' } as const;
  const marked = evolveLedger(EMPTY_LEDGER, {
    kind: 'desired',
    cmdId: 'd-1',
    host: 'web1.lab',
    keys: ['profile::shop::version'],
    seq: 5,
    epoch: 1,
  });

  it.each([
    ['the first', {}, EMPTY_LEDGER, 'accepted'],
    [
      'for another Puppet server',
      { server: 'puppet2.lab', aud: { host: 'puppet2.lab', keyId: 'h-bbbbbbbbbbbbbbbb' } },
      EMPTY_LEDGER,
      'not-ours',
    ],
    ['the same again', {}, marked, 'accepted'],
    ['an older one', { cmdId: 'd-0', seq: 4 }, marked, 'old-seq'],
    ['an older owner', { cmdId: 'd-0', seq: 6, epoch: 0 }, marked, 'old-seq'],
    ['another one with the same sequence', { cmdId: 'd-0' }, marked, 'id-reused'],
    ['a newer one', { cmdId: 'd-2', seq: 6 }, marked, 'accepted'],
    [
      'an older one of another host',
      { cmdId: 'd-3', seq: 2, host: 'web2.lab' },
      marked,
      'accepted',
    ],
  ])('%s', (_what, change, ledger, code) => {
    expect(codeOf(check(command(DesiredVersionCommand, desired(change)), { self, ledger }))).toBe(
      code,
    );
  });
});
