import { readFrom } from '../host/bounded-file.js';
import { readLogLine } from '../puppet/log-lines.js';
import type { LogLine } from '../puppet/log-evidence.js';

const READ_BYTES = 262_144;
/** A line longer than this is not kept together. */
const MAX_LINE_BYTES = 131_072;

/** Reads a run's JSON log while it grows. */
export class LogTail {
  private offset = 0;
  private rest = Buffer.alloc(0);

  constructor(private readonly path: string) {}

  /** The lines that came since the last call, as far as one call may read. */
  next(): readonly LogLine[] {
    const { bytes, start } = readFrom(this.path, this.offset, READ_BYTES);
    if (start < this.offset) this.rest = Buffer.alloc(0);
    this.offset = start + bytes.length;
    const all = Buffer.concat([this.rest, bytes]);
    const end = all.lastIndexOf(0x0a) + 1;
    const rest = all.subarray(end);
    this.rest = rest.length > MAX_LINE_BYTES ? Buffer.alloc(0) : Buffer.from(rest);
    return all
      .toString('utf8', 0, end)
      .split('\n')
      .map(readLogLine)
      .filter((line) => line !== undefined);
  }
}
