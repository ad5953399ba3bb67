import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { GantryError, messageOf } from '@gantry/service-kit';
import { badSignature } from '../ports/repository-error.js';
import { gpgFault } from './gpg-verdict.js';

/** A file and the detached signature that goes with it. */
export interface Signed {
  readonly what: string;
  readonly data: Buffer;
  readonly signature: Buffer;
  readonly keyring: string;
  readonly signal: AbortSignal;
}

/** The signature as file descriptor 3, the data as standard input: nothing of it touches the disk. */
const ARGUMENTS = ['--enable-special-filenames', '--status-fd=1', '--weak-digest=SHA1'];
const ARMOR = '-----BEGIN';

/** Throws unless the file is signed by a key of the keyring that is good today. */
export async function verifySignature(signed: Signed): Promise<void> {
  await refuseArmor(signed.keyring);
  const { status, exitCode } = await runGpgv(signed);
  const fault = gpgFault(status, exitCode);
  if (fault !== undefined)
    throw badSignature(
      `The signature of ${signed.what} ${fault}: refused. Sign the repository's index with a key of ${signed.keyring}, ` +
        'or put its new public key there.',
    );
}

async function runGpgv(signed: Signed): Promise<{ status: string; exitCode: number | null }> {
  const child = spawn('gpgv', [...ARGUMENTS, `--keyring=${signed.keyring}`, '--', '-&3', '-'], {
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
    signal: signed.signal,
    killSignal: 'SIGKILL',
  });
  // Also rejects when the program cannot be started, or when the time is over.
  const closed = once(child, 'close') as Promise<[number | null]>;
  let status = '';
  child.stdout?.on('data', (chunk: Buffer) => (status += chunk.toString('utf8')));
  feed(child.stdin, signed.data);
  feed(child.stdio[3], signed.signature);
  try {
    const [exitCode] = await closed;
    return { status, exitCode };
  } catch (cause) {
    throw new GantryError(
      'config',
      'repository.unusable',
      `The signature of ${signed.what} cannot be checked: gpgv failed (${messageOf(cause)}). Install the package gpgv.`,
      { cause },
    );
  }
}

/** A program that ends before it has read everything is judged by what it said, not by the broken pipe. */
function feed(stream: unknown, bytes: Buffer): void {
  if (!(stream instanceof Writable)) return;
  stream.on('error', () => undefined);
  stream.end(bytes);
}

/** gpgv takes an armored keyring for an empty one, and would call every signature a stranger's. */
async function refuseArmor(keyring: string): Promise<void> {
  const broken = (why: string, cause?: unknown): GantryError =>
    new GantryError('config', 'repository.unusable', `The keyring ${keyring} ${why}`, { cause });
  const handle = await open(keyring).catch((cause: unknown) => {
    throw broken('cannot be read. Check `keyring` in GANTRY_REPOSITORIES.', cause);
  });
  try {
    const { buffer } = await handle.read({ buffer: Buffer.alloc(ARMOR.length), position: 0 });
    if (buffer.toString('latin1') === ARMOR)
      throw broken('is armored, which gpgv cannot read. Use: gpg --dearmor < KEY > KEYRING');
  } finally {
    await handle.close();
  }
}
