import { z } from 'zod';
import { GateEvidence, GateMoment, GateVerdict } from '../gate/messages.js';
import { ActorId, Instant, PipelineName, ReleaseId } from '../ids.js';
import { ReleaseHold } from '../release/messages.js';

/** What time goes to. Of what goes on at the same moment, the moment belongs to the first in this order. */
export const ClockHand = z.enum([
  'puppet',
  'drain',
  'health',
  'gates',
  'soak',
  'approval',
  'waiting',
  'machine',
]);
export type ClockHand = z.infer<typeof ClockHand>;

/**
 * Where the milliseconds went: waiting + approval + gates + soak + deploying = all of them, and drain + Puppet + health +
 * machine = deploying. The optional ones are absent where the time passed before they were told apart.
 */
export const StageClock = z.object({
  /** Held by a window, freeze, lock, pin or queue; or no host may begin, for capacity or while a canary bakes. */
  waitingMs: z.int(),
  gatesMs: z.int(),
  deployingMs: z.int(),
  soakMs: z.int(),
  /** Waiting for a person: an approval, a manual gate, whoever is to resume it. */
  approvalMs: z.int().optional(),
  drainMs: z.int().optional(),
  puppetMs: z.int().optional(),
  /** From the end of Puppet's run until the host is seen in service. */
  healthMs: z.int().optional(),
  /** Nothing outside was waited for: Gantry itself. */
  machineMs: z.int().optional(),
});
export type StageClock = z.infer<typeof StageClock>;

/** A gate of a stage; the verdict is null while it is being asked. */
export const GateView = z.object({
  gate: z.string(),
  kind: z.string(),
  moment: GateMoment,
  gateRunId: z.string(),
  verdict: GateVerdict.nullable(),
  summary: z.string(),
  evidence: GateEvidence,
  startedAt: Instant,
  endedAt: Instant.nullable(),
});
export type GateView = z.infer<typeof GateView>;

/** A stage as it stands: ahead, being passed, behind, or left out by a hotfix. */
export const StageView = z.object({
  environment: z.string(),
  start: z.enum(['automatic', 'approval']),
  state: z.enum(['ahead', 'here', 'passed', 'failed', 'left-out']),
  enteredAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  gates: z.array(GateView),
  deployments: z.array(
    z.object({
      application: z.string(),
      deploymentId: z.string(),
      outcome: z.string().nullable(),
      detail: z.string(),
    }),
  ),
  soakUntil: Instant.nullable(),
  clock: StageClock,
  /** What its time goes to since the instant up to which the clock counts; null unless it is here. */
  clockNow: z.object({ hand: ClockHand, since: Instant }).nullable().optional(),
});
export type StageView = z.infer<typeof StageView>;

/** A build on its way through a pipeline. */
export const ReleaseView = z.object({
  id: ReleaseId,
  pipeline: PipelineName,
  evr: z.string(),
  status: z.enum(['travelling', 'succeeded', 'failed', 'stopped', 'superseded']),
  /** What it does now: waits, asks gates, deploys or soaks. */
  phase: z.enum(['waiting', 'gates', 'deploying', 'soaking', 'paused', 'over']),
  applications: z.array(z.string()),
  requestedBy: ActorId,
  /** Null when nobody asked for it: the build was seen. */
  reason: z.string().nullable(),
  publishedAt: Instant,
  createdAt: Instant,
  endedAt: Instant.nullable(),
  targetMs: z.int(),
  hold: ReleaseHold.nullable(),
  /** Why it is paused, failed, stopped or superseded; empty otherwise. */
  because: z.string(),
  stages: z.array(StageView),
  /** All stages and what lies between them, from its publication (where a person asked for it, from then) to its end. */
  clock: StageClock.optional(),
  version: z.int(),
  position: z.string(),
  /** When it last moved. */
  movedAt: Instant,
});
export type ReleaseView = z.infer<typeof ReleaseView>;

/** Why a build is, or is not, where somebody wants it: one line for each environment. */
export const WhyLine = z.object({
  environment: z.string(),
  answer: z.enum([
    'runs',
    'deploying',
    'on-its-way',
    'held',
    'waits-for-person',
    'stopped',
    'replaced',
    'never-tried',
    'unknown',
  ]),
  rule: z.string(),
  detail: z.string(),
  /** When or by whom that ends; null when it does not end by itself and nobody was named. */
  ends: z.string().nullable(),
});
export type WhyLine = z.infer<typeof WhyLine>;
