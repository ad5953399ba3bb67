import { Inject, Injectable } from '@nestjs/common';
import type { CommandReply, Message } from '@gantry/contracts';
import type { DeploymentInput, RefreshInput } from '@gantry/domain';
import { streamKey, urgently } from '@gantry/event-log';
import { Log } from '@gantry/service-kit';
import type { Cause } from '../streams/cause.js';
import { deploymentAggregate } from '../streams/deployment.aggregate.js';
import { holdAggregate } from '../streams/hold.aggregate.js';
import { Quarantine } from '../quarantine/quarantine.js';
import { Mender } from '../rebuild/mender.js';
import { parseStream } from '../streams/parse-stream.js';
import { refreshAggregate } from '../streams/refresh.aggregate.js';
import type { Outcome } from '../streams/run.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { KnownBuilds } from './known-builds.js';
import { replyOf } from './reply.js';

/** What people may tell a deployment that there is. */
export type PeoplesCommand = Message<
  | 'deployment.pause'
  | 'deployment.resume'
  | 'deployment.cancel'
  | 'deployment.rollback'
  | 'deployment.skip-host'
  | 'deployment.retry-host'
  | 'deployment.change-limits'
>;
type ObservationType<I extends { readonly type: string }> = Exclude<
  I['type'],
  'tick' | `deployment.${string}` | `refresh.${string}`
>;
/** Answers of the world to a request of some stream. */
export type Observation = Message<ObservationType<DeploymentInput>>;
type RunObservation = Message<ObservationType<RefreshInput>>;

/** Takes people's commands, the world's answers and the passing of time to the stream they concern. */
@Injectable()
export class DeploymentInputHandler {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(Quarantine) private readonly quarantine: Quarantine,
    @Inject(Mender) private readonly mender: Mender,
    @Inject(KnownBuilds) private readonly builds: KnownBuilds,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Whoever wants it stopped is heard also when everything else waits for a connection. */
  command(message: PeoplesCommand): Promise<CommandReply> {
    return urgently(() => this.obey(message));
  }

  private async obey(message: PeoplesCommand): Promise<CommandReply> {
    const id = message.data.deploymentId;
    const run = { id, input: message, cause: causeOf(message) };
    const outcome = await this.runner.run(deploymentAggregate, run);
    const subject = `deployment-${id}`;
    if (message.type !== 'deployment.resume' || isTaken(outcome)) return replyOf(outcome, subject);
    const moved = await this.moved(message);
    return moved ? { outcome: 'accepted', subject } : replyOf(outcome, subject);
  }

  /** An answer belongs to the stream in its subject; an answer nobody waits for is acknowledged and told. */
  async observed(message: Observation): Promise<void> {
    const { type, subject } = message;
    const outcome = await this.take(message);
    if (outcome === undefined) this.log.warn('observation without a stream', { type, subject });
    else if (outcome.outcome === 'ignored')
      this.log.log('observation ignored', { type, because: outcome.because });
    else if (outcome.outcome === 'refused')
      this.log.warn('observation not taken', { type, subject, because: outcome.refusal.message });
  }

  /** The stream's timer is due. */
  async tick(stream: string): Promise<void> {
    const target = parseStream(stream);
    if (target === undefined) return;
    const run = { id: target.id, input: { type: 'tick' }, cause: {} } as const;
    switch (target.type) {
      case 'deployment':
        await this.runner.run(deploymentAggregate, run);
        return;
      case 'refresh':
        await this.runner.run(refreshAggregate, run);
        return;
      case 'hold':
        await this.runner.run(holdAggregate, run);
        return;
      case 'release':
        // A release's timer goes to the release's own step (`timer-ticks.ts`).
        return;
    }
  }

  /**
   * Resuming gets a deployment to move in whatever state it is: one that is held is released, and one that is not paused has what
   * it holds compared with the log and looks at itself at once.
   */
  private async moved({ data, actor }: PeoplesCommand): Promise<boolean> {
    const stream = { type: 'deployment', id: data.deploymentId } as const;
    const because = `released by ${actor}: ${data.reason}`.slice(0, 500);
    const released = await this.quarantine.release(streamKey(stream), because);
    const mended = await this.mender.mend(stream);
    const tick = { id: stream.id, input: { type: 'tick' }, cause: {} } as const;
    const ticked = await this.runner.run(deploymentAggregate, tick);
    return released || mended === 'mended' || ticked.outcome === 'accepted';
  }

  private async take(message: Observation): Promise<Outcome | undefined> {
    const target = parseStream(message.subject);
    const cause = causeOf(message);
    if (target?.type === 'deployment') {
      const input = await this.withGone(message);
      return this.runner.run(deploymentAggregate, { id: target.id, input, cause });
    }
    if (target?.type === 'refresh' && isAboutRun(message))
      return this.runner.run(refreshAggregate, { id: target.id, input: message, cause });
    return undefined;
  }

  /** A plan must show hosts that a rollback could not bring back. */
  private async withGone(message: Observation): Promise<DeploymentInput> {
    if (message.type !== 'puppet.host.surveyed') return message;
    return { ...message, gone: await this.builds.goneOf(message.data.installed) };
  }
}

const isTaken = ({ outcome }: Outcome): boolean =>
  outcome === 'accepted' || outcome === 'duplicate';

/** A refresh asks for nothing but runs. */
const isAboutRun = (message: Observation): message is RunObservation =>
  message.type.startsWith('puppet.run.');

/** Who and what caused an input that came as a message. */
export const causeOf = (message: Message): Cause => ({
  messageId: message.id,
  correlationId: message.correlationid,
  actor: message.actor,
});
