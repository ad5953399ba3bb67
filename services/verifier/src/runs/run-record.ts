import { GateEvidence, GateVerdict, Instant } from '@gantry/contracts';
import { z } from 'zod';

/** A run that is over: what is told whenever it is asked for again. */
export const FinishedRun = z.object({
  verdict: GateVerdict,
  summary: z.string(),
  evidence: GateEvidence,
  startedAt: Instant,
  endedAt: Instant,
});
export type FinishedRun = z.infer<typeof FinishedRun>;

/** What is written down of a run. */
export const RunRecord = z.object({
  beganAt: Instant,
  mark: z.string().optional(),
  finished: FinishedRun.optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;
