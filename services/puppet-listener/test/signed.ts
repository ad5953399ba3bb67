import { dataschemaOf, hostCommandPrefix, type AnyMessage } from '@gantry/contracts';
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { TrustedKey } from '../src/security/key-ring.js';
import type { RawCommand } from '../src/security/verify-command.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

export const KID = 'dispatcher-a';
export const SELF = { role: 'agent', certname: 'web1.lab', keyId: 'h-0123456789abcdef' } as const;
export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const STREAM = 'deployment-018f0000-0000-7000-8000-000000000001';

/** Trusts one dispatcher key. */
export const findKey = (keyId: string): TrustedKey | undefined =>
  keyId === KID ? { publicKey, notBefore: undefined, notAfter: undefined } : undefined;

/** What every command carries, with a window around NOW. */
export const base = (cmdId: string, seq: number) => ({
  aud: { host: SELF.certname, keyId: SELF.keyId },
  cmdId,
  stream: STREAM,
  epoch: 1,
  seq,
  iat: NOW.toISOString(),
  exp: new Date(NOW.getTime() + 60_000).toISOString(),
});

/** The fields of a run besides. */
export const run = {
  noop: false,
  wanted: [],
  health: null,
  runTimeoutMs: 60_000,
  waitForLockMs: 0,
};

/** Signs a body as the dispatcher does. */
export function signed(body: Buffer, key = privateKey, keyId = KID): RawCommand {
  const bytes = Buffer.concat([Buffer.from(hostCommandPrefix(body.length)), body]);
  return { body, keyId, signature: sign(null, bytes, key).toString('base64') };
}

/** A signed command; `data` is given as it goes over the wire, right or wrong. */
export function command(definition: AnyMessage, data: object): RawCommand {
  return signed(bodyOf(definition, data));
}

/** The envelope of a command around any data, right or wrong. */
export function bodyOf(definition: AnyMessage, data: object, change: object = {}): Buffer {
  const id = randomUUID();
  const message = {
    ...{ specversion: '1.0', id, type: definition.type, source: '/gantry/puppet-dispatcher/a' },
    ...{ subject: STREAM, time: NOW.toISOString(), datacontenttype: 'application/json' },
    dataschema: dataschemaOf(definition.type, definition.version),
    ...{ correlationid: id, causationid: id, actor: 'anna' },
    data,
  };
  return Buffer.from(JSON.stringify({ ...message, ...change }));
}
