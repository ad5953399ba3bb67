import { Inject, Injectable } from '@nestjs/common';
import type { CommandReply, Message } from '@gantry/contracts';
import type { DeploymentInput, RefreshInput } from '@gantry/domain';
import { Log } from '@gantry/service-kit';
import { deploymentAggregate } from '../streams/deployment.aggregate.js';
import { refreshAggregate } from '../streams/refresh.aggregate.js';
import { StreamRunner, type Cause, type Outcome } from '../streams/stream-runner.js';
import { replyOf } from './reply.js';

type People = Message<
  'deployment.pause' | 'deployment.resume' | 'deployment.cancel' | 'deployment.rollback'
>;
/** Answers of the world to a request of some stream. */
export type Observation = Message<
  Exclude<
    (DeploymentInput | RefreshInput)['type'],
    'tick' | `deployment.${string}` | `refresh.${string}`
  >
>;

/** Takes people's commands, the world's answers and the passing of time to the stream they concern. */
@Injectable()
export class DeploymentInputHandler {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(Log) private readonly log: Log,
  ) {}

  async command(message: People): Promise<CommandReply> {
    const { type, data } = message;
    const outcome = await this.runner.run(deploymentAggregate, {
      id: data.deploymentId,
      input: { type, data } as DeploymentInput,
      cause: causeOf(message),
    });
    return replyOf(outcome, `deployment-${data.deploymentId}`);
  }

  /** An answer belongs to the stream in its subject; an answer nobody waits for is acknowledged and told. */
  async observed(message: Observation): Promise<void> {
    const { type, data, subject } = message;
    const target = parseSubject(subject);
    if (target === undefined) {
      this.log.warn('observation without a stream', { type, subject });
      return;
    }
    const run = { id: target.id, input: { type, data } as never, cause: causeOf(message) };
    this.told(
      type,
      await (target.type === 'deployment'
        ? this.runner.run(deploymentAggregate, run)
        : this.runner.run(refreshAggregate, run)),
    );
  }

  /** The stream's timer is due. */
  async tick(stream: string): Promise<void> {
    const target = parseSubject(stream);
    if (target === undefined) return;
    const run = { id: target.id, input: { type: 'tick' } as const, cause: {} };
    await (target.type === 'deployment'
      ? this.runner.run(deploymentAggregate, run)
      : this.runner.run(refreshAggregate, run));
  }

  private told(type: string, outcome: Outcome): void {
    if (outcome.outcome === 'ignored')
      this.log.log('observation ignored', { type, because: outcome.because });
  }
}

/** Who and what caused an input that came as a message. */
export const causeOf = (message: Message): Cause => ({
  messageId: message.id,
  correlationId: message.correlationid,
  actor: message.actor,
});

function parseSubject(
  subject: string | undefined,
): { readonly type: 'deployment' | 'refresh'; readonly id: string } | undefined {
  const match = /^(deployment|refresh)-([0-9a-f-]{36})$/.exec(subject ?? '');
  return match === null
    ? undefined
    : { type: match[1] as 'deployment' | 'refresh', id: match[2] ?? '' };
}
