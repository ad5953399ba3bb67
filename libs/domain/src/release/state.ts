import type {
  DataOf,
  DeploymentId,
  Evr,
  GateName,
  GateVerdict,
  PinnedStage,
  PipelineName,
  ReleaseCreated,
  ReleaseHold,
} from '@gantry/contracts';

/** One run of a gate; the verdict is absent while it goes on. */
export interface GateRun {
  readonly gateRunId: string;
  readonly gate: GateName;
  readonly askedAt: string;
  readonly asks: number;
  readonly verdict: GateVerdict | undefined;
  readonly answeredAt: string | undefined;
}

/** A deployment that the release has asked for; the outcome is absent while it goes on. */
export interface ReleaseDeployment {
  readonly deploymentId: DeploymentId;
  readonly application: string;
  readonly askedAt: string;
  readonly outcome: string | undefined;
  /** Why it ended so, where its last event says. */
  readonly detail: string;
}

/**
 * Where a release stands within its stage.
 *
 * - `waiting`: nothing was done here yet; `hold` is what keeps it, undefined only until it was looked at.
 * - `before`, `after`: the stage's gates are being asked.
 * - `deploying`: its deployments go on.
 * - `soaking`: it must run here until then.
 */
export type StagePhase =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'before' | 'after'; readonly gates: readonly GateRun[] }
  | { readonly kind: 'deploying'; readonly deployments: readonly ReleaseDeployment[] }
  | { readonly kind: 'soaking'; readonly until: string };

/** Why a person must say how it goes on. */
export interface Pause {
  readonly because: 'inconclusive' | 'person';
}

/** On its way. */
export interface Travelling {
  readonly status: 'travelling';
  readonly created: DataOf<typeof ReleaseCreated>;
  readonly createdAt: string;
  readonly stage: number;
  readonly phase: StagePhase;
  /** The last run of each gate that watches the stage. */
  readonly watch: readonly GateRun[];
  readonly hold: ReleaseHold | undefined;
  readonly pause: Pause | undefined;
  /** Gate runs and deployments asked for in this stage so far: makes their ids. */
  readonly attempts: number;
  /** When it last moved. */
  readonly since: string;
}

/** Terminal; nothing follows. */
export interface Arrived {
  readonly status: 'succeeded' | 'failed' | 'stopped' | 'superseded';
  readonly pipeline: PipelineName;
  readonly evr: Evr;
}

/**
 * One build on its way through a pipeline: `none` -> `travelling` (stage by stage) -> `succeeded` | `failed` | `stopped` |
 * `superseded`.
 */
export type ReleaseState = { readonly status: 'none' } | Travelling | Arrived;

/** The state before the first event. */
export const initialRelease: ReleaseState = { status: 'none' };

/** The stage a release is in. */
export function stageOf({ created, stage }: Travelling): PinnedStage {
  const pinned = created.stages[stage];
  if (pinned === undefined) throw new Error(`a release cannot be in stage ${stage}`);
  return pinned;
}

/** Whether it waits for an answer of the world, or of a deployment. */
export const isBusy = ({ phase }: Travelling): boolean =>
  phase.kind === 'deploying' && phase.deployments.some((d) => d.outcome === undefined);
