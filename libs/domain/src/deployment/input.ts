import type {
  BuildGone,
  ActorId,
  DataOf,
  DeploymentHostSurveyed,
  DeploymentTarget,
  Evr,
  ApproveDeployment,
  LbDrained,
  LbDrainFailed,
  LbEnabled,
  LbEnableFailed,
  LbPoolsSurveyed,
  PuppetHealthObserved,
  PuppetHostSurveyed,
  PuppetPublishFailed,
  PuppetRunFinished,
  PuppetRunStarted,
  PuppetRunStatus,
  PuppetRunWaiting,
  PuppetVersionPublished,
  ReleaseId,
  RequestDeployment,
  RolloutLimits,
} from '@gantry/contracts';
import type { BuildStanding } from '../build/build.js';
import type { HeldBack } from '../policy/may-start.js';
import type { RunningBinding } from './decisions/binding.js';

/** What the fleet and the builds say of a request, looked up by the handler in the same transaction. */
export interface RequestContext {
  readonly applications: readonly string[];
  readonly environments: readonly string[];
  readonly placedApplications: readonly string[];
  /** Undefined when the application, the environment or a package's build is not known. */
  readonly target: DeploymentTarget | undefined;
  readonly builds: readonly {
    readonly name: string;
    readonly evr: string;
    readonly state: BuildStanding;
    readonly note: string;
  }[];
  readonly confirmByName: boolean;
  readonly activeDeployment: string | undefined;
  /** A hold, a freeze or a closed window that nobody overrode. */
  readonly heldBack?: HeldBack | undefined;
  /** Who asks, and who asked for the release it is a stage of. */
  readonly requesters?: readonly ActorId[];
  /** Who is in the group whose consent its plan will need; absent = anybody may give it. */
  readonly approvers?: readonly string[] | undefined;
}

/** Who speaks of a plan, and what is so meanwhile. */
export interface ApprovalContext {
  readonly by: ActorId;
  /** Who is in the group now; undefined when anybody may approve. */
  readonly members: readonly string[] | undefined;
  /** Its builds as they are now: one may have turned out bad since it was asked for. */
  readonly builds: RequestContext['builds'];
  /** What would keep it from beginning now. */
  readonly heldBack: HeldBack | undefined;
}

type Observed<Type extends string, D> = { readonly type: Type; readonly data: D };

/** Everything that can reach a deployment: people's commands, the world's answers, and the passing of time. */
export type DeploymentInput =
  | {
      readonly type: 'deployment.request';
      readonly data: DataOf<typeof RequestDeployment>;
      readonly context: RequestContext;
    }
  | {
      readonly type:
        'deployment.pause' | 'deployment.resume' | 'deployment.cancel' | 'deployment.rollback';
      readonly data: { readonly reason: string };
    }
  | {
      readonly type: 'deployment.approve' | 'deployment.reject';
      readonly data: Pick<DataOf<typeof ApproveDeployment>, 'planHash' | 'reason'>;
      readonly context: ApprovalContext;
    }
  | {
      /** Its release goes no further: what nobody has consented to must not begin any more. */
      readonly type: 'deployment.withdraw';
      readonly data:
        | { readonly because: 'superseded'; readonly by: ReleaseId; readonly evr: Evr }
        | { readonly because: 'stopped' };
    }
  | {
      readonly type: 'deployment.skip-host' | 'deployment.retry-host';
      readonly data: { readonly host: string; readonly reason: string };
    }
  | {
      readonly type: 'deployment.change-limits';
      readonly data: RolloutLimits & { readonly reason: string };
    }
  | (Observed<'puppet.host.surveyed', DataOf<typeof PuppetHostSurveyed>> & {
      /** Of what the host has installed: builds that are in no repository any more. */
      readonly gone?: DataOf<typeof DeploymentHostSurveyed>['gone'];
    })
  | Observed<'build.gone', Pick<DataOf<typeof BuildGone>, 'name' | 'evr'>>
  | Observed<'lb.pools.surveyed', DataOf<typeof LbPoolsSurveyed>>
  | HostObservation
  | { readonly type: 'deployment.binding'; readonly verdict: RunningBinding }
  | { readonly type: 'tick' };

/** Answers about one host in flight. */
export type HostObservation =
  | Observed<'lb.drained', DataOf<typeof LbDrained>>
  | Observed<'lb.drain.failed', DataOf<typeof LbDrainFailed>>
  | Observed<'lb.enabled', DataOf<typeof LbEnabled>>
  | Observed<'lb.enable.failed', DataOf<typeof LbEnableFailed>>
  | Observed<'puppet.version.published', DataOf<typeof PuppetVersionPublished>>
  | Observed<'puppet.publish.failed', DataOf<typeof PuppetPublishFailed>>
  | Observed<'puppet.run.waiting', DataOf<typeof PuppetRunWaiting>>
  | Observed<'puppet.run.started', DataOf<typeof PuppetRunStarted>>
  | Observed<'puppet.run.finished', DataOf<typeof PuppetRunFinished>>
  | Observed<'puppet.health.observed', DataOf<typeof PuppetHealthObserved>>
  | Observed<'puppet.run.status', DataOf<typeof PuppetRunStatus>>;
