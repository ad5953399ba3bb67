import { Inject, Injectable } from '@nestjs/common';
import { messageOf, CLOCK, type Clock } from '@gantry/service-kit';
import { AttentionDesk } from '../attention/attention-desk.js';

/** A timer that fails for so long is not held up by a hiccup. */
const ALARMING_MS = 30_000;

interface Failing {
  readonly sinceMs: number;
  readonly told: boolean;
}

/** Streams whose timer fails again and again: they do not move, and nobody would know. One attention item each, closed when it moves. */
@Injectable()
export class FailingTimers {
  private readonly failing = new Map<string, Failing>();

  constructor(
    @Inject(AttentionDesk) private readonly desk: AttentionDesk,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async failed(stream: string, error: unknown): Promise<void> {
    const nowMs = this.clock.now().getTime();
    const { sinceMs, told } = this.failing.get(stream) ?? { sinceMs: nowMs, told: false };
    const tell = !told && nowMs - sinceMs >= ALARMING_MS;
    if (tell)
      await this.desk.open({
        key: keyOf(stream),
        kind: 'deployment-stuck',
        title: `${stream} does not move`,
        detail:
          `since ${new Date(sinceMs).toISOString()} its timer fails: ${messageOf(error)}`.slice(
            0,
            4_000,
          ),
        todo: 'It is tried again every few seconds. Read the log of the orchestrator; cancel the deployment if it must not go on.',
      });
    this.failing.set(stream, { sinceMs, told: told || tell });
  }

  async worked(stream: string): Promise<void> {
    if (this.failing.get(stream)?.told === true) await this.desk.close(keyOf(stream), 'it moves');
    this.failing.delete(stream);
  }
}

const keyOf = (stream: string): string => `stuck.${stream}`.slice(0, 128);
