import type {
  BindingId,
  Certname,
  DataOf,
  DeploymentHostRunFinished,
  DeploymentHostSurveyed,
  DeploymentHostVerified,
  DeploymentPaused,
  DeploymentRequested,
  DeploymentStatus,
  DeploymentTarget,
  Direction,
  DrainEvidence,
  EnableEvidence,
  FromVersion,
  HostProof,
  HostStep,
  Membership,
  OutcomeClass,
  PlannedPool,
  PoolSnapshot,
  RequestId,
  Sha256,
} from '@gantry/contracts';

/** A request that went out: first `since`, for the last time `askedAt`, `asks` times in all. */
export interface Pending {
  readonly requestId: RequestId;
  readonly since: string;
  readonly askedAt: string;
  readonly asks: number;
}

export type RunOutcome = DataOf<typeof DeploymentHostRunFinished>;
export type HealthOutcome = DataOf<typeof DeploymentHostVerified>;
export type SurveyedHost = DataOf<typeof DeploymentHostSurveyed>;

/**
 * Where one host stands.
 *
 * - `queued`: waits for its turn, not before `notBefore`.
 * - `reserving`: its turn began; nothing was asked of the world yet.
 * - `draining`: lb-controller was asked to take it out.
 * - `drained`: out and idle; the wanted version is being put beside its Puppet servers.
 * - `running-puppet`: the run was asked for; `startedAt` once its process exists; `query` while we ask what became of it.
 * - `verifying`: the run ended; the application's health is being asked.
 * - `enabling`: lb-controller was asked to put it back.
 * - `delayed`: a step failed in a way that passes; the same step again at `until`.
 * - `done`, `failed`, `skipped`: its turn is over.
 */
export type HostPhase =
  | { readonly status: 'queued'; readonly notBefore?: string | undefined }
  | { readonly status: 'reserving' }
  | { readonly status: 'draining'; readonly pending: Pending }
  | {
      readonly status: 'drained';
      readonly publish: (Pending & { readonly published: readonly string[] }) | undefined;
    }
  | {
      readonly status: 'running-puppet';
      readonly pending: Pending;
      readonly startedAt: string | undefined;
      readonly query: Pending | undefined;
    }
  | {
      readonly status: 'verifying';
      readonly pending: Pending;
      readonly query: Pending | undefined;
    }
  | { readonly status: 'enabling'; readonly pending: Pending }
  | { readonly status: 'delayed'; readonly step: HostStep; readonly until: string }
  | { readonly status: 'done'; readonly direction: Direction; readonly proof: HostProof }
  | {
      readonly status: 'failed';
      readonly direction: Direction;
      readonly step: HostStep;
      readonly class: OutcomeClass;
      readonly reason: string;
      readonly outOfService: boolean;
    }
  | { readonly status: 'skipped'; readonly reason: string };

/** What one turn of a host has gathered so far: the links of its chain of proof. */
export interface Turn {
  readonly direction: Direction;
  readonly epoch: number;
  readonly attempt: number;
  /**
   * In service when the turn began, and not changed since: it may go back in service without proof. A host that was out
   * before, or that a run may have changed, stays out until its health was seen.
   */
  readonly intact: boolean;
  readonly drained: DrainEvidence | null;
  readonly run: RunOutcome | undefined;
  readonly health: HealthOutcome | undefined;
  readonly enabled: EnableEvidence | undefined;
  /** The host is unchanged and goes back in service before it counts as failed (or skipped, when `step` is null). */
  readonly returning:
    | { readonly step: HostStep | null; readonly class: OutcomeClass; readonly reason: string }
    | undefined;
  /** Requests made of each step in this turn: makes request ids. */
  readonly requests: Readonly<Partial<Record<HostStep, number>>>;
  /** Passing failures of each step in this turn. */
  readonly retries: Readonly<Partial<Record<HostStep, number>>>;
  /** Questions to the host's journal in this turn: each needs an id of its own, or the host takes it for a forgery. */
  readonly queries: number;
}

/** One host of a deployment. */
export interface DeploymentHost {
  readonly index: number;
  readonly host: Certname;
  readonly memberships: readonly Membership[];
  readonly from: readonly FromVersion[];
  readonly canary: boolean;
  readonly phase: HostPhase;
  /** Undefined unless the host is in flight. */
  readonly turn: Turn | undefined;
  readonly attempts: number;
  /** The new version was published or a run was asked for: a rollback must visit it. */
  readonly touched: boolean;
  /** Out of service because of us, as far as was seen. */
  readonly out: boolean;
  readonly endedAt: string | undefined;
}

/** Common to every state after acceptance. */
interface Accepted {
  readonly target: DeploymentTarget;
  readonly accept: readonly string[];
  readonly requestedAt: string;
  /** The release whose stage it is. */
  readonly release: DataOf<typeof DeploymentRequested>['release'];
  /** Who asked for it: none of them may approve it. */
  readonly requesters: readonly string[];
}

/** What hosts and pools have answered so far, to plan with what is true now. */
export interface Surveying extends Accepted {
  /** The last question to hosts; a plan that waits for consent is looked at again only once it has it all. */
  readonly hostsAsked: HostsAsked | undefined;
  readonly poolsAsked: PoolsAsked | undefined;
  readonly surveyed: Readonly<Record<string, SurveyedHost>>;
  readonly pools: readonly PoolSnapshot[] | undefined;
  readonly unreadable: readonly { readonly pool: string; readonly reason: string }[];
}

/** The last question to hosts. Asked again it keeps its `seq` too: to a host, one id with two of them is two commands, and it refuses the second. */
export interface HostsAsked extends Pending {
  readonly seq: number;
}

/** Waiting for the answers that the plan is made of. */
export interface Requested extends Surveying {
  readonly status: 'requested';
}

/** One person's consent to the plan. */
export interface Consent {
  readonly by: string;
  readonly at: string;
}

/** The plan stands, and waits for people's consent to it. */
export interface AwaitingApproval extends Surveying {
  readonly status: 'awaiting-approval';
  readonly planHash: Sha256;
  readonly consents: readonly Consent[];
  readonly expiresAt: string;
}

/** The last request to read the pools; `answered` once its answer is here. */
export interface PoolsAsked extends Pending {
  readonly answered: boolean;
}

/** From the plan to the end. `direction` says which way queued hosts are taken. */
export interface Rollout extends Accepted {
  readonly status: 'planned' | 'running' | 'paused' | 'verifying' | 'cancelling' | 'rolling-back';
  readonly planned: readonly PlannedPool[];
  readonly hosts: readonly DeploymentHost[];
  readonly direction: Direction;
  /** Last readings of the pools. They are no older than `poolsAt`, the time when they were asked for. */
  readonly pools: readonly PoolSnapshot[];
  readonly poolsAt: string;
  readonly poolsAsked: PoolsAsked | undefined;
  /** Why it is paused; whoever resumes it overrides that. */
  readonly pausedFor: DataOf<typeof DeploymentPaused>['because'] | undefined;
  /** What holds it while it is paused for that; then it goes on by itself when that ends. */
  readonly heldBy: BindingId | undefined;
  /** Failures a person has accepted by resuming. */
  readonly acceptedFailures: number;
  /** Hosts left out of service that a person has accepted by resuming or by rolling back. */
  readonly acceptedOut: number;
  /** When the status was reached. */
  readonly since: string;
  /** When anything last happened to a host: whoever waits long looks less often. */
  readonly movedAt: string;
}

/** Terminal; nothing follows. */
export interface Ended {
  readonly status: Extract<
    DeploymentStatus,
    | 'refused'
    | 'succeeded'
    | 'succeeded-with-failures'
    | 'failed'
    | 'cancelled'
    | 'rolled-back'
    | 'rollback-failed'
    | 'expired'
    | 'superseded'
  >;
  readonly target: DeploymentTarget;
  readonly hosts: readonly DeploymentHost[];
}

/**
 * A deployment.
 *
 * `none` -> `requested` (survey) -> `refused` | `planned` (-> `awaiting-approval` -> `planned` again, `refused` or `expired`) -> `running`
 * <-> `paused` -> `verifying` (pools read once more) ->
 * `succeeded` | `succeeded-with-failures` | `failed`; a person may turn it to `cancelling` -> `cancelled` or `rolling-back` ->
 * `rolled-back` | `rollback-failed`. The table of transitions stands in status.ts.
 */
export type DeploymentState = { readonly status: 'none' } | Active | Ended;

/** A deployment that still changes something, or may yet. */
export type Active = Requested | AwaitingApproval | Rollout;

/** The state before the first event. */
export const initialDeployment: DeploymentState = { status: 'none' };

/** Whether the host's turn is going on. */
export const isInFlight = (host: DeploymentHost): boolean => host.turn !== undefined;

/** Whether the deployment still changes anything. */
export function isActive(state: DeploymentState): state is Active {
  switch (state.status) {
    case 'none':
    case 'refused':
    case 'succeeded':
    case 'succeeded-with-failures':
    case 'failed':
    case 'cancelled':
    case 'rolled-back':
    case 'rollback-failed':
    case 'expired':
    case 'superseded':
      return false;
    case 'requested':
    case 'awaiting-approval':
    case 'planned':
    case 'running':
    case 'paused':
    case 'verifying':
    case 'cancelling':
    case 'rolling-back':
      return true;
  }
}

/** Whether it has come so far that hosts may have been touched. */
export const isRollout = (state: Active): state is Rollout =>
  state.status !== 'requested' && state.status !== 'awaiting-approval';

/** Whether hosts are being asked, to make a plan or to see whether it still is the same. */
export const isSurveying = (
  state: DeploymentState,
): state is (Requested | AwaitingApproval) & { readonly hostsAsked: HostsAsked } =>
  (state.status === 'requested' || state.status === 'awaiting-approval') &&
  state.hostsAsked !== undefined;
