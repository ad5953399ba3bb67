import {
  closeSync,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** The few things a journal needs of a file; a seam, so that a full disk can be tried out. */
export interface JournalFile {
  /** Appends and returns only when it is on the disk. */
  append(text: string): void;
  /** Cuts the file back to this many bytes. */
  cut(bytes: number): void;
  close(): void;
}

/** Opens a journal's file for appending. */
export function openJournalFile(path: string): JournalFile {
  const fd = openSync(path, 'a', 0o600);
  return {
    append: (text) => {
      writeAll(fd, text);
      fsyncSync(fd);
    },
    cut: (bytes) => {
      ftruncateSync(fd, bytes);
      fsyncSync(fd);
    },
    close: () => closeSync(fd),
  };
}

/** Puts a whole file in place so that a reader sees the old or the new one, and a crash leaves one of the two. */
export function replaceFile(path: string, text: string, mode = 0o600): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const fd = openSync(temporary, 'w', mode);
  try {
    // The process's umask must not decide who can read it.
    fchmodSync(fd, mode);
    writeAll(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** A rename is on the disk only when its folder is. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A write may take less than it was given. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done);
}
