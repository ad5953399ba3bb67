import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The key a listener was enrolled with. */
export interface EnrolledKey {
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

/** Which of the two listeners on a machine. */
export type ListenerRole = 'agent' | 'publisher';

interface Cached {
  readonly stamp: string;
  readonly key: EnrolledKey | undefined;
}

/**
 * The public keys of all listeners, one PEM file each: `<certname>.pub` for a host, `publisher.<certname>.pub` for the publisher
 * beside a Puppet server. A file is read again when it changed, so enrolling a host needs no restart.
 */
export class EnrolledKeys {
  private readonly cache = new Map<string, Cached>();

  constructor(private readonly folder: string) {}

  find(certname: string, role: ListenerRole): EnrolledKey | undefined {
    const name = this.fileName(certname, role);
    if (name === undefined) return undefined;
    const path = join(this.folder, name);
    const stamp = stampOf(path);
    const known = this.cache.get(name);
    if (known !== undefined && known.stamp === stamp) return known.key;
    const key = stamp === undefined ? undefined : readKey(path);
    if (stamp === undefined) this.cache.delete(name);
    else this.cache.set(name, { stamp, key });
    return key;
  }

  /** Where a missing key belongs, for the person who has to put it there. */
  pathFor(certname: string, role: ListenerRole): string {
    return join(this.folder, this.fileName(certname, role) ?? `${certname}.pub`);
  }

  /** A host that calls itself `publisher.x` must not pass for the publisher of x. */
  private fileName(certname: string, role: ListenerRole): string | undefined {
    if (role === 'publisher') return `publisher.${certname}.pub`;
    return certname.startsWith('publisher.') ? undefined : `${certname}.pub`;
  }
}

function stampOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}

function readKey(path: string): EnrolledKey | undefined {
  try {
    const publicKey = createPublicKey(readFileSync(path));
    if (publicKey.asymmetricKeyType !== 'ed25519') return undefined;
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const keyId = `h-${createHash('sha256').update(der).digest('hex').slice(0, 16)}`;
    return { keyId, publicKey };
  } catch {
    return undefined;
  }
}
