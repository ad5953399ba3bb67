import type {
  GateEvidence,
  GateKind,
  GateSpecOf,
  GateSubject,
  GateVerdict,
} from '@gantry/contracts';
import type { z } from 'zod';

/** How a gate ended: the verdict, a sentence that says why, and what was seen. */
export interface Outcome {
  readonly verdict: z.infer<typeof GateVerdict>;
  readonly summary: string;
  readonly evidence: GateEvidence;
}

/** What a driver knows of its run besides the spec. */
export interface GateContext {
  readonly gateRunId: string;
  readonly subject: GateSubject;
  /** Of the time allowed, what an earlier process has used. */
  readonly spentMs: number;
  /** What `mark` wrote for this run, here or in an earlier process. */
  readonly marked: string | undefined;
  /** Written down before something is done that must not be done twice. */
  mark(note: string): Promise<void>;
}

/**
 * Runs one kind of gate. Placeholders of the spec are filled in.
 *
 * - The time limit is the driver's to keep, since only it knows what not being done in time means: `inconclusive` when nobody
 *   answered or what was asked went on, `fail` when the answers were bad.
 * - When `signal` is aborted the driver ends what it began, then rejects with the signal's reason. With the reason
 *   `stopping` a driver that resumes leaves what goes on elsewhere alone: the next process finds it again.
 * - Whatever cannot be asked (refused, misconfigured, unknown) is `inconclusive` with what to do about it. A rejection
 *   without an aborted signal is a bug.
 */
export interface GateDriver<K extends GateKind = GateKind> {
  /** Whether a run that an earlier process began may be taken up again under its id. */
  readonly resumes: boolean;
  run(spec: GateSpecOf<K>, context: GateContext, signal: AbortSignal): Promise<Outcome>;
}

/** A driver for every kind of gate. */
export type GateDrivers = { readonly [K in GateKind]: GateDriver<K> };

/** Neither pass nor fail: a person decides. */
export const inconclusive = (summary: string, evidence: GateEvidence = {}): Outcome => ({
  verdict: 'inconclusive',
  summary,
  evidence,
});
