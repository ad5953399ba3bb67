import { createHash, X509Certificate } from 'node:crypto';

const MAGIC = 0xfeedfeed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g;
const WHITENER = 'Mighty Aphrodite';

/**
 * A Java key store (JKS) with nothing in it but certificates that are trusted. keytool makes one too, but takes a Java and a second;
 * openssl before 3.2 cannot mark a certificate as trusted.
 */
export function trustStore(pems: readonly string[], password: string): Buffer {
  const certificates = pems.flatMap((pem) => pem.match(CERTIFICATE) ?? []);
  const body = Buffer.concat([
    word(MAGIC),
    word(VERSION),
    word(certificates.length),
    ...certificates.map(entry),
  ]);
  const digest = createHash('sha1')
    .update(Buffer.from(password, 'utf16le').swap16())
    .update(WHITENER)
    .update(body)
    .digest();
  return Buffer.concat([body, digest]);
}

function entry(pem: string, index: number): Buffer {
  const { raw } = new X509Certificate(pem);
  const made = Buffer.alloc(8);
  return Buffer.concat([
    word(TRUSTED_CERTIFICATE),
    text(`ca-${index + 1}`),
    made,
    text('X.509'),
    word(raw.length),
    raw,
  ]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(value)]);
}
