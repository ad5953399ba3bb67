import { describe, expect, it } from '@jest/globals';
import {
  ApprovalView,
  BuildView,
  DeploymentSummary,
  ReleaseView,
  RunningView,
} from '@gantry/contracts';
import { RELEASE } from '../../test/release-world.js';
import { whyDeployed, type WhyFacts } from './why.js';

const AT = '2026-01-01T00:00:00.000Z';
const EVR = '1.4.2-1';
const DEPLOYMENT = '0192f5a0-0000-7000-8000-0000000000dd';

const build = (state: string, note = ''): BuildView =>
  BuildView.parse({
    ...{ name: 'shop', evr: EVR, arch: 'noarch', sha256: 'a'.repeat(64), repository: 'main' },
    ...{ listedIn: state === 'gone' ? [] : ['main'] },
    ...{ builtAt: AT, seenAt: AT, state, note },
  });
const stageOf = (environment: string, state: string, more: object = {}): object => ({
  ...{ environment, start: 'automatic', state, enteredAt: null, endedAt: null },
  ...{ gates: [], deployments: [], soakUntil: null },
  clock: { waitingMs: 0, gatesMs: 0, deployingMs: 0, soakMs: 0 },
  ...more,
});
const release = (stages: readonly object[], more: object = {}): ReleaseView =>
  ReleaseView.parse({
    ...{ id: RELEASE, pipeline: 'shop', evr: EVR, status: 'travelling', phase: 'waiting' },
    ...{ applications: ['shop'], requestedBy: 'orchestrator', reason: null, publishedAt: AT },
    ...{ createdAt: AT, endedAt: null, targetMs: 660_000, hold: null, because: '', stages },
    ...{ version: 3, position: '1:1', movedAt: AT },
    ...more,
  });
const gate = (verdict: string | null, more: object = {}): object => ({
  ...{ gate: 'smoke', kind: 'http', moment: 'after', gateRunId: 'x', verdict, summary: '500' },
  ...{ evidence: {}, startedAt: AT, endedAt: null },
  ...more,
});
const running = (environment: string, evr: string): RunningView =>
  RunningView.parse({
    ...{ application: 'shop', environment, since: AT, lastDeployment: null },
    versions: [{ evr, hosts: ['web1.lab'] }],
  });
const deployment = (status: string): DeploymentSummary =>
  ({ id: DEPLOYMENT, environment: 'production', status }) as DeploymentSummary;

const deployed = { application: 'shop', deploymentId: DEPLOYMENT, outcome: null, detail: '' };
const approval = ApprovalView.parse({
  ...{
    planHash: 'a'.repeat(64),
    quorum: 2,
    group: 'managers',
    expiresAt: AT,
    missing: 1,
    note: '',
  },
  given: [{ by: 'bob', at: AT, reason: 'fine' }],
});

const facts: WhyFacts = {
  ...{ application: 'shop', evr: EVR, environments: ['staging', 'production'] },
  builds: [{ name: 'shop', build: build('deployable') }],
  ...{ pipeline: 'shop', releases: [], deployments: [], running: [] },
};
const inProduction = (more: Partial<WhyFacts>): object =>
  whyDeployed({ ...facts, ...more }).find((l) => l.environment === 'production') ?? {};
const both = (staging: object, more: object = {}): Partial<WhyFacts> => ({
  releases: [release([staging, stageOf('production', 'ahead')], more)],
});

describe('why a build is, or is not, where somebody wants it', () => {
  const here = (more: object = {}): object => stageOf('staging', 'here', more);
  it.each<[string, Partial<WhyFacts>, object]>([
    ['it runs', { running: [running('production', EVR)] }, { answer: 'runs' }],
    [
      'it was never seen',
      { builds: [{ name: 'shop', build: undefined }] },
      { rule: 'never-seen', detail: /shop-1\.4\.2-1 was not seen/ },
    ],
    [
      'it is quarantined',
      { builds: [{ name: 'shop', build: build('quarantined', 'rolled back by d1') }] },
      { rule: 'quarantined', detail: /rolled back by d1/, ends: /lift-quarantine shop/ },
    ],
    [
      'no repository has it any more',
      { builds: [{ name: 'shop', build: build('gone', 'it is in no repository any more') }] },
      { rule: 'build-gone', ends: /published again/ },
    ],
    [
      'it changed',
      { builds: [{ name: 'shop', build: build('changed', 'other content') }] },
      { rule: 'changed' },
    ],
    [
      'the window of the stage before is closed',
      both(here(), { hold: { rule: 'window', detail: 'outside its windows', until: AT } }),
      { answer: 'held', rule: 'window', detail: /still in staging.*outside/, ends: AT },
    ],
    [
      'H-080 its package was not to be trusted',
      both(stageOf('staging', 'failed'), {
        ...{ status: 'failed', phase: 'over' },
        because: 'the deployment of shop ended refused: shop-1.4.2-1 is not signed',
      }),
      { answer: 'stopped', rule: 'release-failed', detail: /is not signed/ },
    ],
    [
      'a gate is asked',
      both(here({ gates: [gate(null)] }), { phase: 'gates' }),
      { answer: 'on-its-way', rule: 'gates', detail: /smoke/ },
    ],
    [
      'a gate asks a person',
      both(here({ gates: [gate(null, { kind: 'manual' })] }), { phase: 'gates' }),
      { answer: 'waits-for-person', rule: 'manual-gate', ends: /release-answer/ },
    ],
    [
      'it is paused',
      both(here(), { phase: 'paused', because: 'no data' }),
      { answer: 'waits-for-person', detail: /no data/, ends: /release-resume/ },
    ],
    [
      'it is being deployed to the stage before',
      both(here({ clockNow: { hand: 'drain', since: AT } }), { phase: 'deploying' }),
      { answer: 'deploying', detail: /now drain$/ },
    ],
    [
      'its deployment to the stage before waits for approval',
      {
        ...both(here({ deployments: [deployed] }), { phase: 'deploying' }),
        deployments: [{ ...deployment('awaiting-approval'), environment: 'staging', approval }],
      },
      {
        answer: 'waits-for-person',
        rule: 'approval',
        detail: /waits for 1 more approval of managers; bob approved/,
        ends: /gantry approve .* before 2026/,
      },
    ],
    [
      'somebody deployed it, and the plan waits for approval',
      { pipeline: undefined, deployments: [{ ...deployment('awaiting-approval'), approval }] },
      { answer: 'waits-for-person', rule: 'approval' },
    ],
    [
      'it soaks',
      both(here({ soakUntil: AT }), { phase: 'soaking' }),
      { answer: 'on-its-way', rule: 'soak', ends: AT },
    ],
    [
      'a gate failed in the stage before',
      both(stageOf('staging', 'failed', { gates: [gate('fail')] }), {
        ...{ status: 'failed', phase: 'over', because: 'the gate smoke failed' },
      }),
      { answer: 'stopped', rule: 'release-failed', detail: /smoke/, ends: /newer build/ },
    ],
    [
      'it was superseded',
      both(here(), { status: 'superseded', phase: 'over', because: '1.4.3-1 is newer' }),
      { rule: 'superseded', detail: /1\.4\.3-1/ },
    ],
    [
      'somebody stopped it',
      both(here(), { status: 'stopped', phase: 'over', because: 'anna: not today' }),
      { rule: 'stopped-by-person', detail: /anna/ },
    ],
    [
      'a hotfix left the stage out',
      { releases: [release([stageOf('production', 'left-out')], { reason: 'a hole' })] },
      { rule: 'hotfix', detail: /a hole/ },
    ],
    [
      'a newer build was on its way when it was seen',
      { releases: [{ ...release([stageOf('production', 'ahead')]), evr: '1.5.0-1' }] },
      { answer: 'never-tried', rule: 'older-than-newest', detail: /1\.5\.0-1/ },
    ],
    ['it never set out', {}, { rule: 'no-release', ends: /release-start shop 1\.4\.2-1/ }],
    [
      'there is no pipeline and nobody asked',
      { pipeline: undefined, running: [running('production', '1.4.1-1')] },
      { rule: 'nobody-asked', detail: /1\.4\.1-1 runs/ },
    ],
    [
      'a person deploys it now',
      { pipeline: undefined, deployments: [deployment('running')] },
      { answer: 'deploying' },
    ],
    [
      'a deployment of it was rolled back',
      { pipeline: undefined, deployments: [deployment('rolled-back')] },
      { answer: 'stopped', rule: 'deployment-rolled-back', detail: new RegExp(DEPLOYMENT) },
    ],
    [
      'it ran, and something else runs now',
      {
        pipeline: undefined,
        deployments: [deployment('succeeded')],
        running: [running('production', '1.5.0-1')],
      },
      { answer: 'replaced', detail: /1\.5\.0-1 runs now/ },
    ],
    ['it is nowhere at all', { environments: [] }, {}],
  ])('%s', (_case, more, expected) => {
    const line = inProduction(more) as Record<string, unknown>;
    for (const [key, value] of Object.entries(expected as Record<string, unknown>)) {
      if (value instanceof RegExp) expect(line[key]).toMatch(value);
      else expect(line[key]).toEqual(value);
    }
  });

  it('an application that is placed nowhere gets one line that says so', () => {
    expect(whyDeployed({ ...facts, environments: [] })).toMatchObject([
      { environment: '-', rule: 'no-such-application' },
    ]);
  });
});
