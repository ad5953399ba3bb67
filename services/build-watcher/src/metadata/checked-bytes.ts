import { createHash } from 'node:crypto';
import { torn, unusable } from '../ports/repository-error.js';

/** What bytes must be that pass by. */
export interface Expected {
  readonly what: string;
  readonly maxBytes: number;
  readonly checksum?: Checksum | undefined;
  readonly bytes?: number | undefined;
  /** Where size and sum stand. */
  readonly saidBy?: string;
  /** Told the size so far with every piece; may throw. */
  readonly onSize?: (bytes: number) => void;
}

/** A sum that the index of a repository gives. */
export interface Checksum {
  readonly algorithm: 'sha256' | 'sha512';
  readonly hex: string;
}

/** Hands bytes on and counts and sums them: what is handed on is proven only when the end came without an error. */
export async function* checkedBytes(
  source: AsyncIterable<Uint8Array>,
  expected: Expected,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { what, maxBytes, checksum, onSize } = expected;
  const hash = createHash(checksum?.algorithm ?? 'sha256');
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > maxBytes) throw unusable(`${what} has more than ${maxBytes} bytes`);
    onSize?.(size);
    if (checksum) hash.update(chunk);
    yield chunk;
  }
  refuseOther(expected, size, hash.digest('hex'));
}

function refuseOther(expected: Expected, size: number, sum: string): void {
  const { what, bytes, checksum, saidBy = 'repomd.xml' } = expected;
  if (bytes !== undefined && size !== bytes)
    throw torn(`${what} has ${size} bytes, ${saidBy} says ${bytes}`);
  if (checksum && sum !== checksum.hex)
    throw torn(`${what} is not the file that ${saidBy} names: its checksum is another one`);
}
