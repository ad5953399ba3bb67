import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StompError, isError, messageOf } from '../stomp-error.js';

/** PEM files for `stomp+ssl://`, read at each connect: a renewed certificate counts from the next one on. */
export interface StompTlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The contents of the files; a file that cannot be read is named. */
export function readTlsFiles(files: StompTlsFiles): Partial<Record<keyof StompTlsFiles, Buffer>> {
  const named = Object.entries(files) as [keyof StompTlsFiles, string][];
  return Object.fromEntries(named.map(([kind, path]) => [kind, read(path)]));
}

/** What is wrong with the files, in words: better said before anything is started than at every connect. */
export function tlsFilesProblem(files: StompTlsFiles): string | undefined {
  try {
    check(files, readTlsFiles(files));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function check(files: StompTlsFiles, { ca, cert, key }: ReturnType<typeof readTlsFiles>): void {
  if ((cert === undefined) !== (key === undefined))
    throw bad('a certificate and its key belong together, and only one of them is named');
  if (ca !== undefined) certificate(ca, files.ca);
  if (cert === undefined || key === undefined) return;
  if (!certificate(cert, files.cert).checkPrivateKey(privateKey(key, files.key)))
    throw bad(`the key in ${files.key} is not that of the certificate in ${files.cert}`);
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = isError(cause) && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw bad(`${path} cannot be read (${code})`, cause);
  }
}

function certificate(pem: Buffer, path: string | undefined): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw bad(`${path} holds no certificate in PEM`, cause);
  }
}

function privateKey(pem: Buffer, path: string | undefined): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw bad(`${path} holds no private key in PEM without a passphrase`, cause);
  }
}

function bad(problem: string, cause?: unknown): StompError {
  return new StompError('config', problem, { code: 'stomp.tls-files', cause });
}
