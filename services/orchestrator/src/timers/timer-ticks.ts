import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, Log, messageOf, type Clock } from '@gantry/service-kit';
import { AttentionDesk } from '../attention/attention-desk.js';
import { ReleaseStep } from '../releases/release-step.js';
import { parseStream } from '../streams/parse-stream.js';
import { DeploymentInputHandler } from '../handlers/deployment-input.handler.js';

/** A timer that fails for so long is not held up by a hiccup. */
const ALARMING_MS = 30_000;

interface Failing {
  readonly sinceMs: number;
  readonly told: boolean;
}

/**
 * Takes a due timer to its stream. One that cannot be ticked keeps its timer: it comes again after the push-back, and the others
 * go on. When that lasts it is an attention item, closed once the stream moves: else it would stand still and nobody would know.
 */
@Injectable()
export class TimerTicks {
  private readonly failing = new Map<string, Failing>();

  constructor(
    @Inject(DeploymentInputHandler) private readonly handler: DeploymentInputHandler,
    @Inject(ReleaseStep) private readonly releases: Pick<ReleaseStep, 'tick'>,
    @Inject(AttentionDesk) private readonly desk: AttentionDesk,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  async tick(stream: string): Promise<void> {
    try {
      const target = parseStream(stream);
      if (target?.type === 'release') await this.releases.tick(target.id);
      else await this.handler.tick(stream);
      await this.worked(stream);
    } catch (error) {
      this.log.error('timer failed, trying again', { stream, error });
      await this.failed(stream, error).catch(() => undefined);
    }
  }

  private async worked(stream: string): Promise<void> {
    if (this.failing.get(stream)?.told === true) await this.desk.close(keyOf(stream), 'it moves');
    this.failing.delete(stream);
  }

  private async failed(stream: string, error: unknown): Promise<void> {
    const nowMs = this.clock.now().getTime();
    const { sinceMs, told } = this.failing.get(stream) ?? { sinceMs: nowMs, told: false };
    this.failing.set(stream, { sinceMs, told });
    if (told || nowMs - sinceMs < ALARMING_MS) return;
    const since = new Date(sinceMs).toISOString();
    await this.desk.open({
      key: keyOf(stream),
      kind: 'deployment-stuck',
      title: `${stream} does not move`,
      detail: `since ${since} its timer fails: ${messageOf(error)}`.slice(0, 4_000),
      todo: 'It is tried again every few seconds. Read the log of the orchestrator; cancel the deployment if it must not go on.',
    });
    this.failing.set(stream, { sinceMs, told: true });
  }
}

const keyOf = (stream: string): string => `stuck.${stream}`.slice(0, 128);
