import { Inject, Injectable } from '@nestjs/common';
import {
  ApprovalRule,
  buildKey,
  type ActorId,
  type ApplicationName,
  type ApplicationPackage,
  type CommandReply,
  type Fleet,
  type Message,
  type PackageName,
  type PinnedPackage,
} from '@gantry/contracts';
import {
  claimsOf,
  approvalFor,
  evolveBuild,
  examinationOf,
  initialBuild,
  peopleOf,
  standingOf,
  type BuildState,
  type DeploymentInput,
  type RequestContext,
} from '@gantry/domain';
import type { LogTransaction } from '@gantry/event-log';
import { targetOf } from '../fleet/target-of.js';
import { overrideOf, StartRules } from '../holds/start-rules.js';
import { FleetInForce } from '../fleet/fleet-in-force.js';
import { AllocationsRepository, type Allocations } from '../persistence/allocations.repository.js';
import { deploymentAggregate } from '../streams/deployment.aggregate.js';
import { foldEvents } from '../streams/fold-events.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { replyOf } from './reply.js';

type Request = Message<'deployment.request'>;

/** A person or a machine asks for a deployment: what the fleet, the builds and the slot say is looked up under the locks. */
@Injectable()
export class DeploymentRequestHandler {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(FleetInForce) private readonly fleets: FleetInForce,
    @Inject(AllocationsRepository) private readonly allocations: Allocations,
    @Inject(StartRules) private readonly rules: Pick<StartRules, 'verdict'>,
  ) {}

  /** A stage of a release says besides what its pipeline wants. */
  async handle(message: Request, stage?: OfStage): Promise<CommandReply> {
    const { data } = message;
    const fleet = await this.fleets.current();
    const packages = ownEntry(fleet?.applications, data.application)?.packages ?? [];
    const input: DeploymentInput = { type: 'deployment.request', data, context: emptyContext };
    const outcome = await this.runner.run(deploymentAggregate, {
      id: data.deploymentId,
      input,
      cause: { messageId: message.id, correlationId: message.correlationid, actor: message.actor },
      streams: packages.map(({ name }) => ({ type: 'build', id: buildKey(name, data.evr) })),
      locks: [`slot:${data.application}/${data.environment}`],
      prepare: async (tx) => ({
        ...input,
        context: withStage(await this.contextOf(tx, message, fleet, packages), stage),
      }),
    });
    return replyOf(outcome, `deployment-${data.deploymentId}`);
  }

  private async contextOf(
    tx: LogTransaction,
    { data, actor }: Request,
    fleet: Fleet | undefined,
    packages: readonly ApplicationPackage[],
  ): Promise<RequestContext> {
    if (fleet === undefined) return emptyContext;
    const { application, environment, evr } = data;
    const found = await Promise.all(
      packages.map(async (p) => ({ ...p, state: await buildState(tx, buildKey(p.name, evr)) })),
    );
    const pinned = found.flatMap(({ state, ...declared }) =>
      state.status === 'none'
        ? []
        : [
            {
              ...declared,
              evr,
              sha256: state.sha256,
              ...contentOf(fleet, application, declared.name, state),
            },
          ],
    );
    const place = ownEntry(fleet.environments, environment);
    const verdict = await this.rules.verdict(
      { application, environment, evr },
      overrideOf(data.accept, data.reason, actor),
    );
    const occupant = await this.allocations.occupant(tx, application, environment);
    return {
      requesters: [actor],
      approvers: peopleOf(fleet, approvalFor(fleet, environment, application)),
      applications: Object.keys(fleet.applications),
      environments: Object.keys(fleet.environments),
      placedApplications: Object.keys(place?.applications ?? {}),
      target:
        pinned.length === packages.length
          ? targetOf(fleet, { application, environment, evr, packages: pinned })
          : undefined,
      builds: found.map(({ name, state }) => ({
        name,
        evr,
        state: standingOf(state),
        note: state.status === 'none' ? '' : state.note,
      })),
      confirmByName: place?.confirmByName ?? false,
      activeDeployment: occupant?.replace(/^deployment-/, ''),
      heldBack: verdict.allowed ? undefined : verdict,
    };
  }
}

/** What is known of a build's content, and what of it concerns other packages of the fleet. */
function contentOf(
  { applications }: Fleet,
  application: ApplicationName,
  name: PackageName,
  state: BuildState,
): Pick<PinnedPackage, 'inspection' | 'claims'> {
  const inspection = examinationOf(state);
  if (inspection === undefined) return {};
  const claims = claimsOf(applications, application, { name, inspection });
  return { inspection, ...(claims.length > 0 && { claims }) };
}

/** What a release says of a deployment that it asks for. */
export interface OfStage {
  /** A person must agree to the plan, whatever the environment says. */
  readonly needsApproval: boolean;
  /** Who asked for the release. */
  readonly requester: ActorId | null;
}

function withStage(context: RequestContext, stage: OfStage | undefined): RequestContext {
  if (stage === undefined) return context;
  const { target, requesters = [] } = context;
  const approval = target?.approval ?? (stage.needsApproval ? ApprovalRule.parse({}) : undefined);
  return {
    ...context,
    requesters: stage.requester === null ? requesters : [...requesters, stage.requester],
    target: target && approval ? { ...target, approval } : target,
  };
}

const emptyContext: RequestContext = {
  applications: [],
  environments: [],
  placedApplications: [],
  target: undefined,
  builds: [],
  confirmByName: false,
  activeDeployment: undefined,
  heldBack: undefined,
};

async function buildState(tx: LogTransaction, id: string): Promise<BuildState> {
  const stream = { type: 'build', id };
  const events = tx.version(stream) === 0 ? [] : await tx.load(stream);
  return foldEvents(events, evolveBuild, initialBuild);
}

/** A name a person typed may be `constructor`: only the record's own keys count. */
function ownEntry<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
