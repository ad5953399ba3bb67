import type { DeploymentView, HostProof } from '@gantry/contracts';
import type { TrafficReport } from '@gantry/lab';
import type { ReleaseSummary } from './release-summary.js';

/** Outcome of one deployment, for the demo's summary. */
interface DeploymentSummary {
  readonly id: string;
  readonly build: string;
  readonly state: string;
  readonly hosts: readonly {
    readonly host: string;
    readonly status: string;
    readonly from: string;
    readonly to: string;
    readonly proof: {
      readonly drained: HostProof['drained'];
      readonly puppetReport: { readonly jobId: string; readonly status: string } | null;
      readonly installedNevra: string | null;
      readonly healthy: boolean;
      readonly inService: boolean;
    } | null;
  }[];
  readonly durationMs: number;
  readonly machineShareMsPerHost: { readonly p50: number; readonly p95: number };
}

/** The one line on standard output. */
export interface Summary {
  readonly ok: boolean;
  readonly deployments: readonly DeploymentSummary[];
  readonly releases: readonly ReleaseSummary[];
  readonly traffic: Pick<TrafficReport, 'requests' | 'failed' | 'wrong'>;
  readonly minInServiceSeen: number;
  readonly installed: Readonly<Record<string, string | null>>;
  readonly setupMs: number;
}

/** One deployment as its view shows it: every figure comes from the log's events. */
export function summaryOf(view: DeploymentView): DeploymentSummary {
  const machine = view.progress.flatMap((h) => (h.timings === null ? [] : [h.timings.machineMs]));
  return {
    id: view.id,
    build: `${view.application}-${view.evr}`,
    state: view.status,
    hosts: view.progress.map((h) => ({
      host: h.host,
      status: h.status,
      from: h.from.map((f) => f.evr ?? 'none').join(','),
      to: h.to,
      proof: h.proof === null ? null : proofOf(h.proof),
    })),
    durationMs: Date.parse(view.endedAt ?? view.requestedAt) - Date.parse(view.requestedAt),
    machineShareMsPerHost: { p50: percentile(machine, 0.5), p95: percentile(machine, 0.95) },
  };
}

function proofOf(proof: HostProof): NonNullable<DeploymentSummary['hosts'][number]['proof']> {
  return {
    drained: proof.drained,
    puppetReport: { jobId: proof.puppetReport.jobId, status: proof.puppetReport.status },
    installedNevra: proof.installed[0]?.nevra ?? null,
    healthy: proof.healthy.goodInRow > 0,
    inService: proof.inService !== null,
  };
}

/** The summary in words, for people. */
export function inWords(summary: Summary): string[] {
  const { traffic, minInServiceSeen, deployments, releases } = summary;
  const { requests, failed, wrong } = traffic;
  const hosts = deployments[0]?.hosts.length ?? 0;
  return [
    `customers  ${requests} answers, ${failed} failed, ${wrong} wrong`,
    `pool       never fewer than ${minInServiceSeen} of ${hosts} hosts in service`,
    ...deployments.map(
      ({ build, state, durationMs, machineShareMsPerHost: { p50 } }) =>
        `${build}  ${state} after ${seconds(durationMs)}, of which Gantry itself ${seconds(p50)} per host`,
    ),
    ...releases.map(
      ({ build, state, publishedToProductionMs, machineMs, because }) =>
        `${build}  ${state} ${seconds(publishedToProductionMs)} after it was published, of which Gantry itself ${seconds(machineMs)}${because === '' ? '' : ` (${because})`}`,
    ),
  ];
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** Nearest-rank percentile; 0 of nothing. */
function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * p) - 1)] ?? 0;
}
