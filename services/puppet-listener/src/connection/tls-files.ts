import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsFiles } from './broker-options.js';

/** The contents of the files. */
export function readTlsFiles(files: TlsFiles): Partial<Record<keyof TlsFiles, Buffer>> {
  return Object.fromEntries(
    Object.entries(files).map(([kind, path]) => [kind, readFileSync(path as string)]),
  );
}

/** What is wrong with the files: better said at the start than at every connect. */
export function tlsFilesProblem(files: TlsFiles): string | undefined {
  if ((files.cert === undefined) !== (files.key === undefined))
    return 'a certificate and its key belong together, and only one of them is named';
  try {
    const { ca, cert, key } = readTlsFiles(files);
    if (ca !== undefined) new X509Certificate(ca);
    if (cert === undefined || key === undefined) return undefined;
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
      ? undefined
      : `the key in ${files.key} is not that of the certificate in ${files.cert}`;
  } catch (error) {
    return `they cannot be used (${(error as Error).message})`;
  }
}
