import {
  InstalledPackage,
  type DataOf,
  type PuppetHostSurveyed,
  type PuppetReport,
} from '@gantry/contracts';
import type { DeploymentInput, HostObservation } from '../src/index.js';

type Of<T extends HostObservation['type']> = Extract<HostObservation, { type: T }>['data'];
type Run = Of<'puppet.run.finished'>;
type RunKey = Pick<Run, 'requestId' | 'host'>;

/** A package as the RPM database tells it. */
export const installed = (name: string, evr: string | undefined): InstalledPackage =>
  InstalledPackage.parse({
    name,
    evr: evr ?? null,
    nevra: evr === undefined ? null : `${name}-${evr}.noarch`,
  });

const report = (jobId: Run['requestId'], at: string): PuppetReport => ({
  jobId,
  status: 'changed',
  completed: true,
  noop: false,
  cachedCatalog: 'not_used',
  configurationVersion: null,
  catalogUuid: null,
  startedAt: at,
  counts: {
    total: 1,
    changed: 1,
    failed: 0,
    failedToRestart: 0,
    skipped: 0,
    outOfSync: 1,
    corrective: 0,
  },
  failures: [],
});

/** A run's end. */
export function runFinished(
  { requestId, host }: RunKey,
  at: string,
  run: Pick<Run, 'verdict' | 'before' | 'after'>,
): DeploymentInput {
  const ran = run.verdict.kind !== 'not-run';
  return {
    type: 'puppet.run.finished',
    data: {
      requestId,
      host,
      ...run,
      exitCode: ran ? 2 : null,
      report: ran ? report(requestId, at) : null,
      startedAt: ran ? at : null,
      finishedAt: at,
    },
  };
}

/** The application's health after a run. */
export const health = (
  { requestId, host }: RunKey,
  at: string,
  good: boolean,
): DeploymentInput => ({
  type: 'puppet.health.observed',
  data: {
    requestId,
    host,
    healthy: good,
    goodInRow: good ? 3 : 0,
    attempts: 3,
    lastStatus: good ? 200 : 500,
    lastBody: 'x',
    reason: good ? '' : 'status 500',
    finishedAt: at,
  },
});

/** Evidence of a drain that came to its end. */
export const drainEvidence = (at: string): Of<'lb.drained'>['evidence'] => ({
  end: 'idle',
  connectionsAtEnd: 0,
  reads: 2,
  waitedMs: 5,
  drainedAt: at,
});

/** Evidence of a member that is in service. */
export const enableEvidence = (at: string): Of<'lb.enabled'>['evidence'] => ({
  checks: '3 good',
  reads: 2,
  waitedMs: 10,
  inServiceAt: at,
});

type Facts = DataOf<typeof PuppetHostSurveyed>;

/** What a host says of itself. */
export const hostFacts = (
  about: Pick<Facts, 'requestId' | 'host' | 'installed' | 'disabled'>,
): DeploymentInput => ({
  type: 'puppet.host.surveyed',
  data: {
    ...about,
    runningSince: null,
    lastRunAt: null,
    listenerVersion: '1',
    bootId: 'b',
  },
});
