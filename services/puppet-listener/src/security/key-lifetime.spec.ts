import { HostRunCommand } from '@gantry/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base, bodyOf, NOW, run, SELF, signed } from '../../test/signed.js';
import { EMPTY_LEDGER, evolveLedger, type Ledger } from '../journal/ledger.js';
import { checkCommand } from './command-gate.js';
import { keyDirectory, readTrustedKey } from './key-ring.js';
import type { RawCommand } from './verify-command.js';

const at = (ms: number): Date => new Date(NOW.getTime() + ms);
const iso = (ms: number): string => at(ms).toISOString();

interface Signer {
  readonly kid: string;
  readonly secret: KeyObject;
  readonly pem: string;
}

function signer(kid: string): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    kid,
    secret: privateKey,
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gantry-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As Puppet puts a key in place: whole, by rename. */
function trust({ kid, pem }: Signer, head = ''): void {
  writeFileSync(join(folder, 'new'), head + pem);
  renameSync(join(folder, 'new'), join(folder, `${kid}.pub`));
}

let n = 0;
function issue({ kid, secret }: Signer, issuedMs: number): RawCommand {
  n += 1;
  const times = { iat: iso(issuedMs), exp: iso(issuedMs + 60_000) };
  const data = { ...base(`c-${n}`, n), ...run, ...times };
  return signed(bodyOf(HostRunCommand, data), secret, kid);
}

function check(raw: RawCommand, nowMs: number, ledger: Ledger = EMPTY_LEDGER): string {
  const answer = checkCommand(raw, {
    ...{ self: SELF, findKey: keyDirectory(folder), ledger, trouble: undefined },
    ...{ policy: { packages: [], noopOnly: false }, now: at(nowMs) },
  });
  return answer.kind === 'refused' ? answer.code : answer.kind;
}

describe('a rotation', () => {
  it('refuses nothing valid on its way, and nothing signed with the old key after its end', () => {
    const [old, next] = [signer('dispatcher-a'), signer('dispatcher-b')];
    trust(old, `not-after: ${iso(300_000)}\n`);
    trust(next, `not-before: ${iso(120_000)}\n`);
    const inForce = (ms: number): readonly Signer[] =>
      ms < 120_000 ? [old] : ms <= 300_000 ? [old, next] : [next];
    // A hundred hosts' commands a second apart over ten minutes, each up to 59 s on its way.
    for (let issued = 0; issued <= 600_000; issued += 1_000) {
      const arrives = issued + (((issued / 1_000) * 7_919) % 59_000);
      for (const key of [old, next]) {
        const answer = check(issue(key, issued), arrives);
        const dead = key === old ? 'key-retired' : 'key-not-yet';
        expect([issued, answer]).toEqual([
          issued,
          inForce(issued).includes(key) ? 'accepted' : dead,
        ]);
      }
    }
  });

  it('lets a thief of the retired key date back by no more than a command\u2019s window', () => {
    const old = signer('dispatcher-a');
    trust(old, `not-after: ${iso(0)}\n`);
    expect(check(issue(old, -1), 91_000)).toBe('expired');
  });

  it('tells again what a command signed with a key that has retired since came to', () => {
    const old = signer('dispatcher-a');
    trust(old);
    const raw = issue(old, 0);
    const answer = checkCommand(raw, {
      ...{ self: SELF, findKey: keyDirectory(folder), ledger: EMPTY_LEDGER, trouble: undefined },
      ...{ policy: { packages: [], noopOnly: false }, now: NOW },
    });
    if (answer.kind !== 'accepted' || answer.command.action !== 'run') throw new Error('refused');
    const { context, data } = answer.command;
    const ledger = evolveLedger(EMPTY_LEDGER, { kind: 'accepted', context, command: data });
    trust(old, `not-after: ${iso(-1)}\n`);
    expect(check(raw, 0, ledger)).toBe('repeat');
  });
});

describe('a revocation', () => {
  it('by taking the file away is honoured from the next command on, and by a host that was off', () => {
    const key = signer('dispatcher-a');
    trust(key);
    const waiting = issue(key, 0);
    expect(check(issue(key, 0), 0)).toBe('accepted');
    rmSync(join(folder, 'dispatcher-a.pub'));
    expect(check(issue(key, 0), 0)).toBe('unknown-key');
    expect(check(waiting, 1_000)).toBe('unknown-key');
  });
});

describe('a key file', () => {
  const { pem } = signer('x');

  it('has a beginning and an end, or none', () => {
    expect(readTrustedKey(pem)).toMatchObject({ notBefore: undefined, notAfter: undefined });
    const dated = `# for 2026\nnot-before: ${iso(0)}\nnot-after: ${iso(1)}\n\n${pem}`;
    expect(readTrustedKey(dated)).toMatchObject({ notBefore: at(0), notAfter: at(1) });
  });

  it.each([
    ['a date that is none', 'not-after: 2026-02-31T99:00:00Z\n'],
    ['a date without a time', 'not-after: 2026-03-01\n'],
    ['a local time', 'not-after: 2026-03-01T00:00:00+02:00\n'],
    ['a limit nobody knows', 'hosts: web1.lab\n'],
    ['a limit twice', `not-after: ${iso(0)}\nnot-after: ${iso(9)}\n`],
    ['another word for it', `notAfter: ${iso(0)}\n`],
  ])('with %s is no key at all', (_what, head) => {
    expect(readTrustedKey(head + pem)).toBeUndefined();
  });

  it('of another algorithm, or a secret one, is none', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect(readTrustedKey(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString())).toBe(
      undefined,
    );
    const { secret } = signer('y');
    expect(readTrustedKey(secret.export({ type: 'pkcs8', format: 'pem' }).toString())).toBe(
      undefined,
    );
  });

  it('H-058 that others may write, or that is a link, is not believed', () => {
    const key = signer('dispatcher-a');
    trust(key);
    chmodSync(join(folder, 'dispatcher-a.pub'), 0o666);
    expect(check(issue(key, 0), 0)).toBe('unknown-key');
    chmodSync(join(folder, 'dispatcher-a.pub'), 0o644);
    expect(check(issue(key, 0), 0)).toBe('accepted');
    renameSync(join(folder, 'dispatcher-a.pub'), join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'dispatcher-a.pub'));
    expect(check(issue(key, 0), 0)).toBe('unknown-key');
  });
});
