import { second, told, type Told } from './log-story.js';

export const RELEASE = '0192f5a0-0000-7000-8000-0000000000aa';
export const RUN = '0192f5a0-0000-7000-8000-0000000000b1';
export const DEPLOYMENT = '0192f5a0-0000-7000-8000-0000000000d1';
export const releaseStream = { type: 'release', id: RELEASE };
const smoke = {
  name: 'smoke',
  spec: { kind: 'command' as const, command: ['true'], deadlineMs: 1_000, maxOutputBytes: 1_000 },
};
const stage = (environment: string, more: object = {}) => ({
  ...{ environment, start: 'automatic' as const, before: [], after: [], soakMs: 0, skipped: false },
  ...more,
});

export const created = told(releaseStream, 'release.created', {
  ...{ pipeline: 'shop', evr: '1.4.2-1', targetMs: 660_000, publishedAt: second(0), reason: null },
  applications: [{ application: 'shop', packages: [{ name: 'shop', sha256: 'a'.repeat(64) }] }],
  stages: [
    stage('certification', { after: [smoke], soakMs: 1_000 }),
    stage('staging', { skipped: true }),
    stage('production'),
  ],
});
export const entered = told(releaseStream, 'release.stage-entered', {
  stage: 0,
  environment: 'certification',
});
export const deployed = told(releaseStream, 'release.deployment-requested', {
  ...{ deploymentId: DEPLOYMENT, releaseId: RELEASE, stage: 0, application: 'shop' },
  ...{ environment: 'certification', evr: '1.4.2-1', needsApproval: false, requester: null },
});
export const ended = told(releaseStream, 'release.deployment-ended', {
  ...{ stage: 0, application: 'shop', deploymentId: DEPLOYMENT, outcome: 'succeeded', detail: '' },
});
export const asked = told(releaseStream, 'gate.requested', {
  ...{ gateRunId: RUN, gate: 'smoke', spec: smoke.spec },
  subject: {
    ...{ releaseId: RELEASE, application: 'shop', environment: 'certification' },
    build: { name: 'shop', evr: '1.4.2-1' },
  },
});
/** The gate's answer. */
export const answered = (verdict: 'pass' | 'fail'): Told =>
  told(releaseStream, 'release.gate-finished', {
    ...{ stage: 0, moment: 'after', gate: 'smoke', gateRunId: RUN, verdict, summary: 'seen' },
    ...{ evidence: { exitCode: 0 }, startedAt: second(4), endedAt: second(5) },
  });

export const succeeds: readonly Told[] = [
  ...[created, entered, deployed, ended, asked, answered('pass')],
  told(releaseStream, 'release.soak-started', { stage: 0, until: second(9) }),
  told(releaseStream, 'release.stage-passed', { stage: 0 }),
  told(releaseStream, 'release.stage-entered', { stage: 2, environment: 'production' }),
  told(releaseStream, 'release.stage-passed', { stage: 2 }),
  told(releaseStream, 'release.succeeded', {}),
];
