import { closeSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';

/** Reads a whole file unless it is larger than the limit or not there. */
export function readWhole(path: string, maxBytes: number): string | undefined {
  return withFile(path, (fd, size) => (size > maxBytes ? undefined : readAt(fd, 0, size)));
}

/** Reads the beginning and the end of a file that may be huge; what lies between is left out at line ends. */
export function readEnds(path: string, eachBytes: number): string {
  const text = withFile(path, (fd, size) => {
    if (size <= 2 * eachBytes) return readAt(fd, 0, size);
    return `${readAt(fd, 0, eachBytes)}\n${readAt(fd, size - eachBytes, eachBytes)}`;
  });
  return text ?? '';
}

/** Empties a file that grew over the limit; whoever appends to it goes on at its new end. */
export function emptyWhenOver(path: string, maxBytes: number): boolean {
  const over = withFile(path, (_fd, size) => size > maxBytes) === true;
  if (over) truncateSync(path);
  return over;
}

/** Reads from an offset to the end, at most so many bytes. A file that became shorter is read from its beginning. */
export function readFrom(path: string, offset: number, maxBytes: number): Slice {
  const none: Slice = { bytes: Buffer.alloc(0), start: offset };
  return (
    withFile(path, (fd, size) => {
      const start = size < offset ? 0 : offset;
      return { bytes: bytesAt(fd, start, Math.min(maxBytes, size - start)), start };
    }) ?? none
  );
}

/** Bytes and where in the file they begin. */
export interface Slice {
  readonly bytes: Buffer;
  readonly start: number;
}

function withFile<T>(path: string, use: (fd: number, size: number) => T): T | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return use(fd, fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}

function bytesAt(fd: number, at: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const read = readSync(fd, buffer, got, length - got, at + got);
    if (read === 0) break;
    got += read;
  }
  return buffer.subarray(0, got);
}

const readAt = (fd: number, at: number, length: number): string =>
  bytesAt(fd, at, length).toString('utf8');
