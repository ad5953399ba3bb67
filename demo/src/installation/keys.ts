import { generateKeyPairSync } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '@gantry/lab';

/** Name of the demo's signing key. */
export const SIGNING_KID = 'dispatcher-1';

/** Where keys stand: the dispatcher's private one, what hosts trust, and the hosts' enrolled ones. */
export interface Keys {
  readonly signingKeyFile: string;
  readonly trusted: string;
  readonly enrolled: string;
}

/** Makes the dispatcher's key pair; the hosts make their own. */
export async function makeKeys(workspace: Workspace): Promise<Keys> {
  const folder = await workspace.folder('keys');
  const keys = {
    signingKeyFile: join(folder, 'dispatcher.key'),
    trusted: join(folder, 'trusted'),
    enrolled: join(folder, 'hosts'),
  };
  await mkdir(keys.trusted, { recursive: true });
  await mkdir(keys.enrolled, { recursive: true });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeFile(keys.signingKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
  });
  await writeFile(
    join(keys.trusted, `${SIGNING_KID}.pub`),
    publicKey.export({ type: 'spki', format: 'pem' }),
  );
  return keys;
}

/** Enrols a listener: its public key is known to the dispatcher from here on. */
export async function enrol(keys: Keys, name: string, publicKeyFile: string): Promise<void> {
  await copyFile(publicKeyFile, join(keys.enrolled, `${name}.pub`));
}
