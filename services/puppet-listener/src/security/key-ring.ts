import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Finds the public key of a signer by its id; undefined when it is not trusted here. */
export type FindKey = (keyId: string) => KeyObject | undefined;

const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Trusted dispatcher keys: one PEM file `<key id>.pub` each. Read anew for every command, so that a key that Puppet removed is
 * refused from the next command on.
 */
export function keyDirectory(folder: string): FindKey {
  return (keyId) => {
    if (!KEY_ID.test(keyId)) return undefined;
    try {
      const key = createPublicKey(readFileSync(join(folder, `${keyId}.pub`)));
      // The algorithm is fixed by the key, never taken from a message.
      return key.asymmetricKeyType === 'ed25519' ? key : undefined;
    } catch {
      return undefined;
    }
  };
}
