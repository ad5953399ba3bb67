import { Inject, Injectable } from '@nestjs/common';
import {
  EnvironmentName,
  makeMessage,
  RequestDeployment,
  type Message,
  type PipelineName,
} from '@gantry/contracts';
import {
  SEVERITY,
  type DeploymentInput,
  type EndedDeployment,
  type PipelineState,
  type ReleaseEvent,
  type ReleaseState,
  type Sight,
} from '@gantry/domain';
import type { EventLog } from '@gantry/event-log';
import { causeOf } from '../handlers/deployment-input.handler.js';
import { DeploymentRequestHandler } from '../handlers/deployment-request.handler.js';
import type { Cause } from '../streams/cause.js';
import { deploymentAggregate } from '../streams/deployment.aggregate.js';
import { pipelineAggregate } from '../streams/pipeline.aggregate.js';
import { EVENT_LOG } from '../streams/ports.js';
import { releaseAggregate } from '../streams/release.aggregate.js';
import type { Outcome } from '../streams/run.js';
import { StreamFolder } from '../streams/stream-folder.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { ReleaseSight } from './release-sight.js';

/** Takes one thing that happened to a release, with what is so meanwhile, and carries out its deployments. */
@Injectable()
export class ReleaseStep {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(ReleaseSight) private readonly sights: ReleaseSight,
    @Inject(DeploymentRequestHandler) private readonly deployments: DeploymentRequestHandler,
    @Inject(EVENT_LOG) private readonly events: EventLog,
  ) {}

  async take(
    id: string,
    event: ReleaseEvent,
    cause: Cause,
    ended: readonly EndedDeployment[] = [],
  ): Promise<Outcome> {
    const { state } = await this.streams.latest(releaseAggregate, id);
    const sight = await this.seen(id, state);
    const input = { ...event, sight: { ...sight, ended: [...sight.ended, ...ended] } };
    const outcome = await this.runner.run(releaseAggregate, { id, input, cause });
    if (outcome.outcome === 'accepted') await this.lookAgain(id, sight.stage);
    return outcome;
  }

  /** A newer one has set out: what this one has asked for and nobody has approved ends first, so that it is seen to have ended. */
  private async seen(id: string, state: ReleaseState): Promise<Sight> {
    const sight = await this.sights.of(id, state);
    if (sight.newer === undefined) return sight;
    await this.withdraw(state, { because: 'superseded', ...sight.newer });
    return this.sights.of(id, state);
  }

  /** What has begun goes on. */
  private async withdraw(state: ReleaseState, data: Withdrawal['data']): Promise<void> {
    if (state.status !== 'travelling' || state.phase.kind !== 'deploying') return;
    const input: Withdrawal = { type: 'deployment.withdraw', data };
    for (const { deploymentId: id, outcome } of state.phase.deployments)
      if (outcome === undefined)
        await this.runner.run(deploymentAggregate, { id, input, cause: {} });
  }

  /** It has come to another stage: what holds that one was not looked at. Who dies here leaves it to its timer. */
  private async lookAgain(id: string, seen: number): Promise<void> {
    const { state } = await this.streams.latest(releaseAggregate, id);
    if (state.status === 'travelling' && state.stage !== seen) await this.tick(id);
  }

  /** Its timer is due. */
  async tick(id: string): Promise<void> {
    await this.take(id, { type: 'look' }, {});
  }

  /** A newer release has set out: whoever waits need not find that out by waiting. */
  async lookAtOthers(newest: string): Promise<void> {
    for (const id of await this.sights.travelling()) if (id !== newest) await this.tick(id);
  }

  /** A deployment has ended; that of a release moves it on. */
  async deploymentEnded(message: Message): Promise<void> {
    const [, deploymentId = ''] = /^deployment-(.+)$/.exec(message.subject ?? '') ?? [];
    const [first] = await this.events.readStream({ type: 'deployment', id: deploymentId }, 1);
    const { release } = (first?.data ?? {}) as Partial<Message<'deployment.requested'>['data']>;
    if (release !== undefined)
      await this.take(release.releaseId, { type: 'look' }, causeOf(message));
  }

  /** A stage of a release wants its deployment. What is refused for now is asked for again; anything else ends the release. */
  async deploy(message: Message<'release.deployment-requested'>): Promise<void> {
    const { deploymentId, application, environment, evr, releaseId, stage } = message.data;
    const { needsApproval, requester } = message.data;
    const request = makeMessage(
      RequestDeployment,
      {
        ...{ deploymentId, application, environment, evr },
        reason: `stage ${stage + 1} of release ${releaseId}`,
        accept: [],
        confirmEnvironment: EnvironmentName.parse(environment),
        release: { releaseId, stage },
      },
      {
        ...{ id: message.id, source: message.source, time: message.time, actor: message.actor },
        ...{ correlationid: message.correlationid, causationid: message.id },
      },
    );
    const reply = await this.deployments.handle(request, { needsApproval, requester });
    if (reply.outcome !== 'refused' || reply.code === 'deployment-exists') return;
    const outcome = PASSING.has(reply.code) ? 'busy' : 'refused';
    const ended = { deploymentId, outcome, detail: reply.message };
    const { messageId: _, ...cause } = causeOf(message);
    await this.take(releaseId, { type: 'look' }, cause, [ended]);
  }

  async pipeline(name: PipelineName): Promise<PipelineState> {
    return (await this.streams.latest(pipelineAggregate, name)).state;
  }
}

type Withdrawal = Extract<DeploymentInput, { type: 'deployment.withdraw' }>;

/** Refusals that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(['deployment-active', 'quarantined', ...SEVERITY]);
