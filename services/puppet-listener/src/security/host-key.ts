import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../journal/journal-file.js';

/** The key this host signs its replies with. */
export interface HostKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** Reads the host's own key, or makes it at the first start; its public half lies beside it for enrolment. */
export function hostKey(stateDir: string): HostKey {
  const secret = join(stateDir, 'host.key');
  if (!existsSync(secret)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    replaceFile(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  const privateKey = createPrivateKey(readFileSync(secret));
  const publicKey = createPublicKey(privateKey);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const open = join(stateDir, 'host.pub');
  if (!existsSync(open) || readFileSync(open, 'utf8') !== pem) replaceFile(open, pem, 0o644);
  return { keyId: keyIdOf(publicKey), privateKey };
}

/** `h-` and the first 16 hex digits of the SHA-256 over the public key's DER form. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `h-${createHash('sha256').update(der).digest('hex').slice(0, 16)}`;
}
