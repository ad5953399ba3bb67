import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, HealthChecks, Log, Repeated } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import { LogMarkRepository, type LogMark } from '../persistence/log-mark.repository.js';
import { writeMark } from './mark-file.js';

const LOOK_MS = 500;

/** Notes outside the database how far the log is, so that a later life notices when it is put back. */
@Injectable()
export class MarkKeeper extends Repeated {
  private noted: LogMark | undefined;
  private problem: string | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<OrchestratorConfig, 'GANTRY_LOG_MARK_FILE'>,
    @Inject(LogMarkRepository) private readonly marks: LogMarkRepository,
    @Inject(HealthChecks) health: HealthChecks,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: LOOK_MS, failure: 'the end of the log not noted' });
    health.add('log-mark', () => this.problem);
  }

  /** A log that was put back beneath a running orchestrator keeps its mark: the next start sees to it. */
  protected async once(): Promise<void> {
    const file = this.config.GANTRY_LOG_MARK_FILE;
    if (file === undefined) return;
    const mark = await this.marks.read();
    if (mark === undefined || mark.eventId === this.noted?.eventId) return;
    if (this.noted !== undefined && !(await this.marks.holds(this.noted))) {
      this.problem = 'the log was put back while this ran: restart every orchestrator';
      return;
    }
    await writeMark(file, mark).catch((error: unknown) => {
      this.problem = `the end of the log cannot be noted in ${file}`;
      throw error;
    });
    this.noted = mark;
    this.problem = undefined;
  }
}
