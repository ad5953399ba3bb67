import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  ReleaseId,
  type ActorId,
  type CommandReply,
  type Evr,
  type Message,
  type PackageName,
} from '@gantry/contracts';
import { urgently } from '@gantry/event-log';
import { isNews, isOverdue, releasedPackages } from '@gantry/domain';
import { Log } from '@gantry/service-kit';
import { FleetInForce } from '../fleet/fleet-in-force.js';
import { causeOf } from '../handlers/deployment-input.handler.js';
import { replyOf } from '../handlers/reply.js';
import type { Cause } from '../streams/cause.js';
import type { Outcome } from '../streams/run.js';
import { pipelineAggregate } from '../streams/pipeline.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { ReleaseStart } from './release-start.js';
import { ReleaseStep } from './release-step.js';

type Pipeline = Message<'release.start'>['data']['pipeline'];
/** What people may tell a release that there is. */
export type ReleaseCommand = Message<
  'release.stop' | 'release.pause' | 'release.resume' | 'release.answer-gate'
>;

/** Sends builds on their way, and takes to their releases what people say of them. */
@Injectable()
export class ReleaseHandler {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(FleetInForce) private readonly fleets: FleetInForce,
    @Inject(ReleaseStart) private readonly start: ReleaseStart,
    @Inject(ReleaseStep) private readonly steps: ReleaseStep,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** A build was seen for the first time, or is allowed again: every pipeline that was waiting for it sets out. */
  async buildSeen(message: Message<'build.seen' | 'build.quarantine-lifted'>): Promise<void> {
    const { name, evr } = message.data;
    for (const pipeline of await this.pipelinesOf(name))
      await this.setOutByItself(pipeline, evr, message);
  }

  /**
   * build-watcher tells from time to time of builds that are known. Where the word that such a one was seen has been lost on its way
   * here, its pipelines set out now.
   */
  async seenAgain(message: Message<'build.observed'>): Promise<void> {
    const { name, evr } = message.data;
    for (const pipeline of await this.pipelinesOf(name))
      if (await this.isOverdue(pipeline, evr)) await this.setOutByItself(pipeline, evr, message);
  }

  /** A person sends a build on its way. */
  async request(message: Message<'release.start'>): Promise<CommandReply> {
    const { pipeline, evr, releaseId, skip, reason } = message.data;
    const wanted = { pipeline, evr, releaseId, skip, reason, requester: message.actor };
    const outcome = await this.setOut(wanted, causeOf(message));
    return replyOf(outcome, `release-${releaseId}`);
  }

  /** Whoever wants it stopped is heard also when everything else waits for a connection. */
  async command(message: ReleaseCommand): Promise<CommandReply> {
    const { releaseId } = message.data;
    const outcome = await urgently(() => this.steps.take(releaseId, message, causeOf(message)));
    return replyOf(outcome, `release-${releaseId}`);
  }

  /** First it becomes the newest of its pipeline, then it sets out; whoever dies in between does both again. */
  private async setOut(
    { pipeline, evr, releaseId, skip = [], reason, requester }: SettingOut,
    cause: Cause,
  ): Promise<Outcome> {
    const fleet = await this.fleets.current();
    if (fleet === undefined) return notReady('there is no fleet file in force');
    const created = await this.start.prepare(fleet, pipeline, {
      evr,
      skip,
      reason: reason ?? null,
    });
    if ('because' in created) return notReady(created.because);
    const { messageId: _, ...withoutInbox } = cause;
    const announced = await this.runner.run(pipelineAggregate, {
      id: pipeline,
      input: { releaseId, evr, byPerson: reason !== undefined },
      cause: withoutInbox,
    });
    if (announced.outcome === 'refused') return announced;
    if (announced.outcome === 'ignored' && !(await this.isNewest(pipeline, releaseId)))
      return announced;
    // First those that stand still make room: what they ask for would be in the way of what this one asks for.
    await this.steps.lookAtOthers(releaseId);
    return this.steps.take(
      releaseId,
      { type: 'release.create', data: { ...created, ...(requester && { requester }) } },
      cause,
    );
  }

  private async pipelinesOf(name: PackageName): Promise<readonly Pipeline[]> {
    const released = [...releasedPackages(await this.fleets.current())];
    return released.flatMap(([pipeline, names]) => (names.includes(name) ? [pipeline] : []));
  }

  private async isOverdue(pipeline: Pipeline, evr: Evr): Promise<boolean> {
    const [fleet, state] = [await this.fleets.current(), await this.steps.pipeline(pipeline)];
    if (fleet === undefined || !isNews(evr, state)) return false;
    const build = await this.start.prepare(fleet, pipeline, { evr, skip: [], reason: null });
    if ('because' in build) return false;
    return isOverdue(build, state, await this.fleets.releasingSince(pipeline));
  }

  /** Its id follows from pipeline and build, so it happens once however often; one message may set out several. */
  private async setOutByItself(
    pipeline: Pipeline,
    evr: Evr,
    message: Message<'build.seen' | 'build.quarantine-lifted' | 'build.observed'>,
  ): Promise<void> {
    const { messageId: _, ...cause } = causeOf(message);
    const outcome = await this.setOut(
      { pipeline, evr, releaseId: automaticId(pipeline, evr) },
      cause,
    );
    if (outcome.outcome !== 'accepted')
      this.log.log('no release for a build', { pipeline, evr, outcome });
  }

  private async isNewest(pipeline: Pipeline, releaseId: ReleaseId): Promise<boolean> {
    return (await this.steps.pipeline(pipeline)).newest?.releaseId === releaseId;
  }
}

interface SettingOut {
  readonly pipeline: Pipeline;
  readonly evr: Evr;
  readonly releaseId: ReleaseId;
  readonly skip?: Message<'release.start'>['data']['skip'];
  /** Undefined when nobody asked for it. */
  readonly reason?: string;
  readonly requester?: ActorId;
}

/** One release for each build of a pipeline that nobody asked for. */
function automaticId(pipeline: string, evr: string): ReleaseId {
  const hex = createHash('sha256')
    .update(JSON.stringify(['release', pipeline, evr]))
    .digest('hex');
  const [a, b, c, d, e] = [
    [0, 8],
    [8, 12],
    [13, 16],
    [17, 20],
    [20, 32],
  ].map(([from, to]) => hex.slice(from, to));
  return ReleaseId.parse(`${a}-${b}-8${c}-a${d}-${e}`);
}

const notReady = (message: string): Outcome => ({
  outcome: 'refused',
  refusal: {
    status: 'unprocessable',
    code: 'not-ready-for-release',
    message,
    todo: 'See what was seen: gantry builds; and the pipelines of the fleet file.',
    findings: [],
  },
});
