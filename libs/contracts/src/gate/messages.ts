import { z } from 'zod';
import { defineMessage } from '../define.js';
import {
  ApplicationName,
  DeploymentId,
  EnvironmentName,
  Evr,
  GateName,
  Instant,
  PackageName,
  Reason,
  Sha256,
} from '../ids.js';
import { GateSpec } from './spec.js';

/** What a gate is about: the placeholders of its spec come from here. */
export const GateSubject = z.object({
  releaseId: z.uuid().optional(),
  deploymentId: DeploymentId.optional(),
  application: ApplicationName,
  environment: EnvironmentName,
  build: z.object({ name: PackageName, evr: Evr }),
});
export type GateSubject = z.infer<typeof GateSubject>;

/** `inconclusive` = neither: nobody answered, data are missing, or it was stopped. A person decides then. */
export const GateVerdict = z.enum(['pass', 'fail', 'inconclusive']);
export type GateVerdict = z.infer<typeof GateVerdict>;

/** What was seen; all of it bounded, and never a credential. Which fields there are depends on the kind of gate. */
export const GateEvidence = z.object({
  /** What was asked. */
  url: z.string().max(2_000).optional(),
  /** Where a person reads more, such as a build's console. */
  link: z.string().max(2_000).optional(),
  /** Status of the last HTTP answer. */
  status: z.int().min(0).max(999).optional(),
  /** The end of an answer or output, as text. */
  excerpt: z.string().max(4_000).optional(),
  /** How often was asked. */
  attempts: z.int().min(0).optional(),
  /** Result in the words of the system that was asked. */
  result: z.string().max(100).optional(),
  exitCode: z.int().min(0).max(255).optional(),
  signal: z.string().max(20).optional(),
  /** Newest last. */
  samples: z
    .array(z.object({ at: Instant, value: z.number() }))
    .max(100)
    .optional(),
  /** Paths are relative to the verifier's folder of evidence. */
  screenshots: z
    .array(z.object({ name: z.string().max(200), sha256: Sha256, path: z.string().max(300) }))
    .max(100)
    .optional(),
});
export type GateEvidence = z.infer<typeof GateEvidence>;

const ofRun = { gateRunId: z.uuid() };

/** When a gate is asked: before a stage's deployments, after them, or again and again meanwhile and after. */
export const GateMoment = z.enum(['before', 'after', 'watch']);
export type GateMoment = z.infer<typeof GateMoment>;

/** Run this gate. One id is run once, however often it is asked for. */
export const GateRequested = defineMessage('request', 'gate.requested', {
  ...ofRun,
  gate: GateName,
  spec: GateSpec,
  subject: GateSubject,
  expiresAt: Instant.optional(),
  /** Absent in what was asked before gates watched. */
  moment: GateMoment.optional(),
});

/** Stop the run: what it started is ended, and its verdict is inconclusive. */
export const GateCancelRequested = defineMessage('request', 'gate.cancel-requested', {
  ...ofRun,
  reason: Reason,
});

/** The gate is being run. */
export const GateStarted = defineMessage('observation', 'gate.started', {
  ...ofRun,
  gate: GateName,
});

/** The run is over. The same run may be told again, with the same verdict. */
export const GateFinished = defineMessage('observation', 'gate.finished', {
  ...ofRun,
  gate: GateName,
  verdict: GateVerdict,
  summary: z.string().min(1).max(1_000),
  evidence: GateEvidence,
  startedAt: Instant,
  endedAt: Instant,
});
