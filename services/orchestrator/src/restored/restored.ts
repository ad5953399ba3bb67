import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Log } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import {
  LEAP_NUMBERS,
  LogMarkRepository,
  type LogMark,
} from '../persistence/log-mark.repository.js';
import { Quarantine } from '../quarantine/quarantine.js';
import { readMark } from './mark-file.js';
import { RestoreDesk } from './restore-desk.js';

/**
 * Notices at the start that the log came back from a backup: what this replica saw at its end is no longer in it. Then numbers go
 * on above all that hosts can have seen, whatever seems under way is held, nothing begins, and a person is told. In this order:
 * whoever dies in between does it all again.
 */
@Injectable()
export class Restored {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<OrchestratorConfig, 'GANTRY_LOG_MARK_FILE'>,
    @Inject(LogMarkRepository) private readonly marks: LogMarkRepository,
    @Inject(Quarantine) private readonly quarantine: Quarantine,
    @Inject(RestoreDesk) private readonly desk: RestoreDesk,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Before anything is worked on. */
  async begin(): Promise<void> {
    const lost = await this.lost();
    if (lost === undefined) return this.quarantine.begin();
    const now = await this.marks.read();
    this.log.error('the log was restored from a backup', { was: lost, now });
    await this.marks.leapOver(lost);
    await this.quarantine.begin();
    await this.quarantine.holdRestored();
    await this.desk.tell(nthRestore(lost), { was: lost.position, now: now?.position ?? 0 });
  }

  /** What this replica saw last, when the log does not hold it, and no replica has seen to that yet. */
  private async lost(): Promise<LogMark | undefined> {
    const file = this.config.GANTRY_LOG_MARK_FILE;
    const mark = file === undefined ? undefined : await readMark(file);
    if (mark === undefined || (await this.marks.holds(mark))) return undefined;
    return (await this.desk.told(nthRestore(mark))) ? undefined : mark;
  }
}

/** Each restore takes one leap, so every replica names it alike. */
const nthRestore = ({ fence }: LogMark): number => Math.floor(fence / LEAP_NUMBERS) + 1;
