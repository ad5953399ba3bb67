import { createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { readOwnedFile } from '../host/owned-file.js';

/** A dispatcher's key as this host trusts it; a date that is not given does not limit. */
export interface TrustedKey {
  readonly publicKey: KeyObject;
  /** What was issued before this instant was not signed by its owner. */
  readonly notBefore: Date | undefined;
  /** What is issued after this instant is refused. */
  readonly notAfter: Date | undefined;
}

/** Finds the key of a signer by its id; undefined when it is not trusted here. */
export type FindKey = (keyId: string) => TrustedKey | undefined;

const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;
const MAX_KEY_BYTES = 8_192;
const BEGIN = '-----BEGIN PUBLIC KEY-----';

/**
 * Trusted dispatcher keys: one file `<key id>.pub` each, read anew for every command, so that a key that Puppet removed is
 * refused from the next command on, also by a host that was off in the meantime. The lifetime stands in the same file as the key:
 * there is no moment at which a key is there without its end.
 */
export function keyDirectory(folder: string): FindKey {
  return (keyId) => {
    if (!KEY_ID.test(keyId)) return undefined;
    const text = readOwnedFile(join(folder, `${keyId}.pub`), MAX_KEY_BYTES);
    return text === undefined ? undefined : readTrustedKey(text);
  };
}

/**
 * Reads a key file: PEM, and before it the lines `not-before: INSTANT` and `not-after: INSTANT`, each if there is one. Anything
 * else there (a date that is none, a limit a later version has) makes the whole key unusable: it may have been meant as a limit.
 */
export function readTrustedKey(text: string): TrustedKey | undefined {
  const at = text.indexOf(BEGIN);
  if (at === -1) return undefined;
  const dates = datesOf(text.slice(0, at));
  if (dates === undefined) return undefined;
  try {
    const publicKey = createPublicKey(text.slice(at));
    // The algorithm is fixed by the key, never taken from a message.
    return publicKey.asymmetricKeyType === 'ed25519' ? { publicKey, ...dates } : undefined;
  } catch {
    return undefined;
  }
}

type Dates = Pick<TrustedKey, 'notBefore' | 'notAfter'>;
const LINE = /^(not-before|not-after): (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)$/;

function datesOf(preamble: string): Dates | undefined {
  const found = new Map<string, Date>();
  for (const line of preamble.split('\n').map((part) => part.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, instant] = LINE.exec(line) ?? [];
    if (name === undefined || instant === undefined || found.has(name)) return undefined;
    const date = new Date(instant);
    if (Number.isNaN(date.getTime())) return undefined;
    found.set(name, date);
  }
  return { notBefore: found.get('not-before'), notAfter: found.get('not-after') };
}
