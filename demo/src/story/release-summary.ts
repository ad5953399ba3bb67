import type { ReleaseView } from '@gantry/contracts';

/** Outcome of one release, for the demo's summary. */
export interface ReleaseSummary {
  readonly id: string;
  readonly build: string;
  readonly state: string;
  readonly because: string;
  readonly stages: readonly {
    readonly environment: string;
    readonly state: string;
    readonly gates: readonly { readonly gate: string; readonly verdict: string | null }[];
    readonly clock: ReleaseView['stages'][number]['clock'];
    readonly screenshots: readonly string[];
  }[];
  /** From the end of createrepo_c to the build's event in the log. */
  readonly publishedToSeenMs: number;
  /** From the end of createrepo_c to the release's end. */
  readonly publishedToProductionMs: number;
  /** Of that, what the release clock gives to Gantry itself, and the time until the build was seen: the goal is 20 s. */
  readonly machineMs: number;
  /** Where all of the time went since the build was seen. */
  readonly clock: ReleaseView['clock'];
}

/** A release as its view shows it: every figure but the first instant comes from the log's events. */
export function releaseSummary(view: ReleaseView, indexedAtMs: number): ReleaseSummary {
  const seenMs = Date.parse(view.publishedAt) - indexedAtMs;
  return {
    id: view.id,
    build: `${view.pipeline}-${view.evr}`,
    state: view.status,
    because: view.because,
    stages: view.stages.map(({ environment, state, gates, clock }) => ({
      ...{ environment, state, clock },
      gates: gates.map(({ gate, verdict }) => ({ gate, verdict })),
      screenshots: gates.flatMap((g) => (g.evidence.screenshots ?? []).map((s) => s.path)),
    })),
    publishedToSeenMs: seenMs,
    publishedToProductionMs: Date.parse(view.endedAt ?? view.movedAt) - indexedAtMs,
    machineMs: Math.max(0, seenMs) + (view.clock?.machineMs ?? 0),
    clock: view.clock,
  };
}
