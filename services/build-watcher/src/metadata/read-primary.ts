import { TextDecoder } from 'node:util';
import { torn, unusable } from '../ports/repository-error.js';
import type { RepositoryFiles } from '../ports/repository-files.port.js';
import { checkedBytes } from './checked-bytes.js';
import type { Listing } from './listing.js';
import { openBytes } from './open-bytes.js';
import { PrimaryReader, type PrimaryOptions } from './primary-reader.js';
import type { ReadLimits } from './read-limits.js';
import type { PrimaryEntry } from './repomd.js';

/** Small files may be packed as well as they like: what they unpack to is no danger. */
const FREE_OF_RATIO = 16 * 1024 * 1024;

/** Where the list of packages comes from, and what is wanted of it. */
export interface PrimarySource extends Omit<PrimaryOptions, 'limits'> {
  readonly files: Pick<RepositoryFiles, 'stream'>;
  readonly limits: ReadLimits;
  readonly signal?: AbortSignal;
}

/** Reads the list of packages while it comes, in little memory; what it tells counts only when every checksum was right. */
export async function readPrimary(entry: PrimaryEntry, source: PrimarySource): Promise<Listing> {
  const { files, limits, signal } = source;
  let packedSize = 0;
  const packed = checkedBytes(files.stream(entry.path, signal), {
    what: entry.path,
    maxBytes: limits.packedBytes,
    checksum: entry.checksum,
    bytes: entry.size,
    onSize: (size) => (packedSize = size),
  });
  const opened = checkedBytes(openBytes(entry.path, packed), {
    what: `${entry.path}, unpacked,`,
    maxBytes: limits.openBytes,
    checksum: entry.openChecksum,
    bytes: entry.openSize,
    onSize: (size) => {
      if (size > FREE_OF_RATIO && size > packedSize * limits.ratio)
        throw unusable(`${entry.path} unpacks to more than ${limits.ratio} times its size`);
    },
  });
  return parse(opened, source);
}

async function parse(
  bytes: AsyncIterable<Uint8Array>,
  { signal, ...options }: PrimarySource,
): Promise<Listing> {
  const reader = new PrimaryReader(options);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of bytes) {
    if (signal?.aborted) throw unusable('primary.xml took too long to read', signal.reason);
    reader.write(decoded(decoder, chunk));
  }
  reader.write(decoded(decoder));
  return reader.end();
}

function decoded(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw torn('primary.xml is not UTF-8', cause);
  }
}
