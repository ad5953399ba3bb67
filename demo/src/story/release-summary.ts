import type { DeploymentView, ReleaseView } from '@gantry/contracts';

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
  /** Of that, what was neither a gate, nor a drain, nor Puppet, nor a health check, nor HAProxy's. */
  readonly machineMs: number;
}

/** A release as its view shows it: every figure but the first instant comes from the log's events. */
export function releaseSummary(
  view: ReleaseView,
  deployments: readonly DeploymentView[],
  indexedAtMs: number,
): ReleaseSummary {
  const totalMs = Date.parse(view.endedAt ?? view.movedAt) - indexedAtMs;
  const gatesMs = sum(view.stages.map((s) => s.clock.gatesMs));
  const hostsMs = sum(
    deployments.flatMap((d) =>
      d.progress.flatMap(({ timings: t }) => (t === null ? [] : [t.totalMs - t.machineMs])),
    ),
  );
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
    publishedToSeenMs: Date.parse(view.publishedAt) - indexedAtMs,
    publishedToProductionMs: totalMs,
    machineMs: Math.max(0, totalMs - gatesMs - hostsMs),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
