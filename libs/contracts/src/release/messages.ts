import { z } from 'zod';
import { defineMessage } from '../define.js';
import { GateEvidence, GateMoment, GateVerdict } from '../gate/messages.js';
import { GateSpec } from '../gate/spec.js';
import {
  ActorId,
  ApplicationName,
  DeploymentId,
  EnvironmentName,
  Evr,
  GateName,
  Instant,
  PackageName,
  PipelineName,
  Reason,
  ReleaseId,
  Sha256,
} from '../ids.js';

/** A gate as the fleet file had it when the release was made. */
export const PinnedGate = z.object({ name: GateName, spec: GateSpec });
export type PinnedGate = z.infer<typeof PinnedGate>;

/** A stage as the fleet file had it when the release was made. */
export const PinnedStage = z.object({
  environment: EnvironmentName,
  start: z.enum(['automatic', 'approval']),
  before: z.array(PinnedGate).max(20),
  after: z.array(PinnedGate).max(20),
  /** Asked again and again from the beginning of its deployments to the end of the stage. */
  watch: z.array(PinnedGate).max(20).optional(),
  watchEveryMs: z.int().min(1_000).optional(),
  soakMs: z.int().min(0),
  /** A hotfix leaves it out; the reason is the release's own. */
  skipped: z.boolean(),
});
export type PinnedStage = z.infer<typeof PinnedStage>;

/** What is released. */
export const ReleasedApplication = z.object({
  application: ApplicationName,
  packages: z.array(z.object({ name: PackageName, sha256: Sha256 })).min(1),
});

/** Why a release does not go on now. */
export const HoldRule = z.enum([
  'window',
  'freeze',
  'lock',
  'stop-the-line',
  'pin',
  'quarantine',
  'busy',
  'approval',
]);
export type HoldRule = z.infer<typeof HoldRule>;

/** The rule, in plain words, and when it ends where that is known. */
export const ReleaseHold = z.object({
  rule: HoldRule,
  detail: z.string().min(1).max(1_000),
  until: Instant.optional(),
});
export type ReleaseHold = z.infer<typeof ReleaseHold>;

const stage = z.int().min(0).max(19);
const moment = GateMoment;

/** A build of the pipeline is on its way: from now on it is the newest (stream `pipeline-<name>`). */
export const PipelineReleaseAnnounced = defineMessage('event', 'pipeline.release-announced', {
  releaseId: ReleaseId,
  evr: Evr,
});
/** A build sets out through its pipeline; everything of the fleet file it needs is pinned. */
export const ReleaseCreated = defineMessage('event', 'release.created', {
  pipeline: PipelineName,
  evr: Evr,
  applications: z.array(ReleasedApplication).min(1).max(20),
  stages: z.array(PinnedStage).min(1).max(20),
  targetMs: z.int().min(0),
  /** When the last of its builds was seen in a repository. */
  publishedAt: Instant,
  /** Null when nobody asked for it: the build was seen. */
  reason: Reason.nullable(),
  /** Who asked for it; absent when nobody did. */
  requester: ActorId.optional(),
});
/** Its next stage begins, or waits to begin. */
export const ReleaseStageEntered = defineMessage('event', 'release.stage-entered', {
  stage,
  environment: EnvironmentName,
});
/** It does not go on for now. */
export const ReleaseHeld = defineMessage('event', 'release.held', ReleaseHold.shape);
/** What held it is over. */
export const ReleaseFreed = defineMessage('event', 'release.freed', {});
/** A gate has answered. */
export const ReleaseGateFinished = defineMessage('event', 'release.gate-finished', {
  stage,
  moment,
  gate: GateName,
  gateRunId: z.uuid(),
  verdict: GateVerdict,
  summary: z.string().max(500),
  evidence: GateEvidence,
  startedAt: Instant,
  endedAt: Instant,
});
/** Bring the build to the stage's environment (topic `deployment.commands`). */
export const ReleaseDeploymentRequested = defineMessage('request', 'release.deployment-requested', {
  deploymentId: DeploymentId,
  releaseId: ReleaseId,
  stage,
  application: ApplicationName,
  environment: EnvironmentName,
  evr: Evr,
  /** Whether a person must let its plan begin. */
  needsApproval: z.boolean(),
  /** Who asked for the release, and may not approve it. */
  requester: ActorId.nullable(),
});
/** A deployment of the release has ended, or was not taken. */
export const ReleaseDeploymentEnded = defineMessage('event', 'release.deployment-ended', {
  stage,
  application: ApplicationName,
  deploymentId: DeploymentId,
  /** The deployment's last status. */
  outcome: z.string().max(40),
  detail: z.string().max(1_000),
});
/** The build is deployed here and must run for a while. */
export const ReleaseSoakStarted = defineMessage('event', 'release.soak-started', {
  stage,
  until: Instant,
});
/** Everything here held. */
export const ReleaseStagePassed = defineMessage('event', 'release.stage-passed', { stage });
/** A person must say how it goes on. */
export const ReleasePaused = defineMessage('event', 'release.paused', {
  because: z.enum(['inconclusive', 'person']),
  gate: GateName.nullable(),
  detail: z.string().max(1_000),
});
/** A person lets it go on: the gates that did not answer are asked again, or taken as passed. */
export const ReleaseResumed = defineMessage('event', 'release.resumed', {
  how: z.enum(['again', 'accept']),
  reason: Reason,
});
/** It is where its pipeline ends. */
export const ReleaseSucceeded = defineMessage('event', 'release.succeeded', {});
/** It went wrong here, and goes no further. */
export const ReleaseFailed = defineMessage('event', 'release.failed', {
  stage,
  because: z.string().min(1).max(1_000),
});
/** A person stopped it. */
export const ReleaseStopped = defineMessage('event', 'release.stopped', { reason: Reason });
/** A newer build of the pipeline is on its way. */
export const ReleaseSuperseded = defineMessage('event', 'release.superseded', {
  by: ReleaseId,
  evr: Evr,
});

/** Send a build on its way by hand; a hotfix names the stages it leaves out. */
export const StartRelease = defineMessage('command', 'release.start', {
  releaseId: ReleaseId,
  pipeline: PipelineName,
  evr: Evr,
  skip: z.array(EnvironmentName).max(20),
  reason: Reason,
});
const onRelease = { releaseId: ReleaseId, reason: Reason };
/** Go no further. A deployment that runs goes on to its end. */
export const StopRelease = defineMessage('command', 'release.stop', onRelease);
/** Wait where it stands until it is resumed. */
export const PauseRelease = defineMessage('command', 'release.pause', onRelease);
/** Go on after a pause. */
export const ResumeRelease = defineMessage('command', 'release.resume', {
  ...onRelease,
  how: z.enum(['again', 'accept']),
});
/** A person's answer to a gate that asks a person. */
export const AnswerGate = defineMessage('command', 'release.answer-gate', {
  ...onRelease,
  gate: GateName,
  verdict: z.enum(['pass', 'fail']),
});

/** Every message of releases, for the registry. */
export const RELEASE_MESSAGES = [
  PipelineReleaseAnnounced,
  ReleaseCreated,
  ReleaseStageEntered,
  ReleaseHeld,
  ReleaseFreed,
  ReleaseGateFinished,
  ReleaseDeploymentRequested,
  ReleaseDeploymentEnded,
  ReleaseSoakStarted,
  ReleaseStagePassed,
  ReleasePaused,
  ReleaseResumed,
  ReleaseSucceeded,
  ReleaseFailed,
  ReleaseStopped,
  ReleaseSuperseded,
  StartRelease,
  StopRelease,
  PauseRelease,
  ResumeRelease,
  AnswerGate,
] as const;
