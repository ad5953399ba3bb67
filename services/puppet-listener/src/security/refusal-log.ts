import { log } from '../host/log.js';
import type { Refusal } from './refusal.js';

/** Counts refused messages by cause; a flood of junk must not become a flood of log lines. */
export class RefusalLog {
  private readonly counts = new Map<string, number>();

  add({ code, detail, command, unread }: Refusal): void {
    const signed = command ?? unread;
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    // What a trusted dispatcher signed is always worth a line; of junk the 1st, 2nd, 4th, 8th...
    const worth = signed !== undefined || Number.isInteger(Math.log2(count));
    if (worth)
      log('warn', 'command refused', { code, detail, count, cmdId: signed?.context.cmdId });
  }
}
