import { Inject, Injectable } from '@nestjs/common';
import { buildKey, type CommandReply, type Message, type PinnedPackage } from '@gantry/contracts';
import { peopleOf, standingOf, type ApprovalContext, type AwaitingApproval } from '@gantry/domain';
import { FleetInForce } from '../fleet/fleet-in-force.js';
import { overrideOf, StartRules } from '../holds/start-rules.js';
import { buildAggregate } from '../streams/build.aggregate.js';
import { deploymentAggregate } from '../streams/deployment.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { causeOf } from './deployment-input.handler.js';
import { replyOf } from './reply.js';

/** What people say of a plan. */
export type Judgement = Message<'deployment.approve' | 'deployment.reject'>;

/** Takes people's word on a plan to its deployment, with who they are by the fleet file of now, and what would keep it from beginning. */
@Injectable()
export class ApprovalHandler {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(FleetInForce) private readonly fleets: FleetInForce,
    @Inject(StartRules) private readonly rules: Pick<StartRules, 'verdict'>,
  ) {}

  async judged(message: Judgement): Promise<CommandReply> {
    const { type, data, actor } = message;
    const id = data.deploymentId;
    const { state } = await this.streams.latest(deploymentAggregate, id);
    const context: ApprovalContext =
      state.status === 'awaiting-approval'
        ? { by: actor, ...(await this.aroundIt(state)) }
        : { by: actor, members: [], builds: [], heldBack: undefined };
    const input = { type, data, context };
    const outcome = await this.runner.run(deploymentAggregate, {
      id,
      input,
      cause: causeOf(message),
    });
    return replyOf(outcome, `deployment-${id}`);
  }

  /** Whoever asked for it has overridden what they named then, for as long as it has not begun. */
  private async aroundIt({
    target,
    accept,
    requesters: [requester = ''],
  }: AwaitingApproval): Promise<Omit<ApprovalContext, 'by'>> {
    const { application, environment, evr, approval, packages } = target;
    const fleet = await this.fleets.current();
    const override = overrideOf(accept, 'named when it was asked for', requester);
    const verdict = await this.rules.verdict({ application, environment, evr }, override);
    return {
      members: peopleOf(fleet, approval),
      builds: await Promise.all(packages.map((p) => this.build(p))),
      heldBack: verdict.allowed ? undefined : verdict,
    };
  }

  private async build({ name, evr }: PinnedPackage): Promise<ApprovalContext['builds'][number]> {
    const { state } = await this.streams.latest(buildAggregate, buildKey(name, evr));
    const note = state.status === 'none' ? '' : state.note;
    return { name, evr, state: standingOf(state), note };
  }
}
