import type { ListenerRole } from '@gantry/contracts';
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The key a listener was enrolled with. */
export interface EnrolledKey {
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

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

  /** Whether there is a file for the key, readable or not: what a person put there is never written over. */
  has(certname: string, role: ListenerRole): boolean {
    const name = this.fileName(certname, role);
    return name !== undefined && existsSync(join(this.folder, name));
  }

  /** Puts the key of a host in place, or with `as: 'proposal'` beside it, where it is trusted by nobody until a person moves it. */
  keep(certname: string, key: EnrolledKey, as: 'enrolled' | 'proposal'): string {
    const name = this.fileName(certname, 'agent');
    if (name === undefined) throw new Error(`${certname} is no name of a host`);
    const path = join(this.folder, as === 'proposal' ? `${name}.new` : name);
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, key.publicKey.export({ type: 'spki', format: 'pem' }), {
      mode: 0o644,
    });
    renameSync(temporary, path);
    return path;
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
    return enrolledKey(createPublicKey(readFileSync(path)));
  } catch {
    return undefined;
  }
}

/** A key out of its DER form in base64; undefined when it is no Ed25519 key. */
export function keyOfDer(base64: string): EnrolledKey | undefined {
  try {
    const key = Buffer.from(base64, 'base64');
    return enrolledKey(createPublicKey({ key, format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}

function enrolledKey(publicKey: KeyObject): EnrolledKey | undefined {
  if (publicKey.asymmetricKeyType !== 'ed25519') return undefined;
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return { keyId: `h-${createHash('sha256').update(der).digest('hex').slice(0, 16)}`, publicKey };
}
