import type {
  AnswerGate,
  DataOf,
  Evr,
  GateFinished,
  PauseRelease,
  ReleaseCreated,
  ReleaseHold,
  ReleaseId,
  ResumeRelease,
  StopRelease,
} from '@gantry/contracts';

/** How a deployment ended, or why it was not taken: `busy` passes, and it is asked for again. */
export interface EndedDeployment {
  readonly deploymentId: string;
  readonly outcome: string;
  readonly detail: string;
}

/** What is so outside of the release, as whoever asks has just seen it. */
export interface Sight {
  /** The stage whose hold was looked at: whoever comes to another must look again before it begins there. */
  readonly stage: number;
  /** What keeps that stage from beginning; undefined when nothing does. */
  readonly hold: ReleaseHold | undefined;
  /** A release of the same pipeline with a newer build. */
  readonly newer: { readonly by: ReleaseId; readonly evr: Evr } | undefined;
  /** Those of its deployments that have ended: an end may have been missed. */
  readonly ended: readonly EndedDeployment[];
  /** Ids of those of its deployments that nobody knows: what asked for them has not come, or is lost. */
  readonly unknown: readonly string[];
}

/** What can reach a release. */
export type ReleaseEvent =
  | { readonly type: 'release.create'; readonly data: DataOf<typeof ReleaseCreated> }
  | { readonly type: 'gate.finished'; readonly data: DataOf<typeof GateFinished> }
  | { readonly type: 'release.stop'; readonly data: DataOf<typeof StopRelease> }
  | { readonly type: 'release.pause'; readonly data: DataOf<typeof PauseRelease> }
  | { readonly type: 'release.resume'; readonly data: DataOf<typeof ResumeRelease> }
  | { readonly type: 'release.answer-gate'; readonly data: DataOf<typeof AnswerGate> }
  | { readonly type: 'look' };

/** An input with what is so meanwhile. */
export type ReleaseInput = ReleaseEvent & { readonly sight: Sight };
