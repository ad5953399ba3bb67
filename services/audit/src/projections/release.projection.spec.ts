import { describe, expect, it } from '@jest/globals';
import { ReleaseView } from '@gantry/contracts';
import { placed, second, told, type Told } from '../../test/log-story.js';
import { releaseProjection } from './release.projection.js';

const ID = '0192f5a0-0000-7000-8000-0000000000aa';
const RUN = '0192f5a0-0000-7000-8000-0000000000b1';
const DEPLOYMENT = '0192f5a0-0000-7000-8000-0000000000d1';
const stream = { type: 'release', id: ID };
const smoke = {
  name: 'smoke',
  spec: { kind: 'command' as const, command: ['true'], deadlineMs: 1_000, maxOutputBytes: 1_000 },
};
const stage = (environment: string, more: object = {}) => ({
  ...{ environment, start: 'automatic' as const, before: [], after: [], soakMs: 0, skipped: false },
  ...more,
});

const created = told(stream, 'release.created', {
  ...{ pipeline: 'shop', evr: '1.4.2-1', targetMs: 660_000, publishedAt: second(0), reason: null },
  applications: [{ application: 'shop', packages: [{ name: 'shop', sha256: 'a'.repeat(64) }] }],
  stages: [
    stage('certification', { after: [smoke], soakMs: 1_000 }),
    stage('staging', { skipped: true }),
    stage('production'),
  ],
});
const entered = told(stream, 'release.stage-entered', { stage: 0, environment: 'certification' });
const deployed = told(stream, 'release.deployment-requested', {
  ...{ deploymentId: DEPLOYMENT, releaseId: ID, stage: 0, application: 'shop' },
  ...{ environment: 'certification', evr: '1.4.2-1', needsApproval: false, requester: null },
});
const ended = told(stream, 'release.deployment-ended', {
  ...{ stage: 0, application: 'shop', deploymentId: DEPLOYMENT, outcome: 'succeeded', detail: '' },
});
const asked = told(stream, 'gate.requested', {
  ...{ gateRunId: RUN, gate: 'smoke', spec: smoke.spec },
  subject: {
    ...{ releaseId: ID, application: 'shop', environment: 'certification' },
    build: { name: 'shop', evr: '1.4.2-1' },
  },
});
const answered = (verdict: 'pass' | 'fail'): Told =>
  told(stream, 'release.gate-finished', {
    ...{ stage: 0, moment: 'after', gate: 'smoke', gateRunId: RUN, verdict, summary: 'seen' },
    ...{ evidence: { exitCode: 0 }, startedAt: second(4), endedAt: second(5) },
  });

function folded(...story: readonly Told[]): ReleaseView {
  const row = placed(story).reduce<ReleaseView | undefined>(
    (view, event) => releaseProjection.apply(view, event, ID),
    undefined,
  );
  return ReleaseView.parse(row);
}

describe('the read model of releases', () => {
  it('shows every stage, where it stands, and which are left out', () => {
    const view = folded(created, entered);
    expect(view).toMatchObject({ status: 'travelling', phase: 'waiting', applications: ['shop'] });
    expect(view.stages.map((s) => [s.environment, s.state])).toEqual([
      ['certification', 'here'],
      ['staging', 'left-out'],
      ['production', 'ahead'],
    ]);
  });

  it('is a clock: each second goes to what the release was doing', () => {
    const view = folded(
      ...[created, entered], // second 1: it waits
      told(stream, 'release.held', { rule: 'window', detail: 'closed' }),
      told(stream, 'release.freed', {}),
      ...[deployed, ended, asked, answered('pass')],
      told(stream, 'release.soak-started', { stage: 0, until: second(9) }),
      told(stream, 'release.stage-passed', { stage: 0 }),
    );
    expect(view.stages[0]).toMatchObject({
      state: 'passed',
      clock: { waitingMs: 3_000, deployingMs: 2_000, gatesMs: 2_000, soakMs: 1_000 },
      gates: [{ gate: 'smoke', moment: 'after', verdict: 'pass', summary: 'seen' }],
      deployments: [{ deploymentId: DEPLOYMENT, outcome: 'succeeded' }],
    });
  });

  it('shows what holds it, and that it is over', () => {
    const hold = { rule: 'freeze' as const, detail: 'year end', until: second(99) };
    expect(folded(created, entered, told(stream, 'release.held', hold)).hold).toEqual(hold);
    const failed = folded(
      ...[created, entered, deployed, ended, asked, answered('fail')],
      told(stream, 'release.failed', { stage: 0, because: 'the gate smoke failed' }),
    );
    expect(failed).toMatchObject({
      ...{ status: 'failed', phase: 'over', because: 'the gate smoke failed', hold: null },
      ...{ endedAt: second(6) },
    });
    expect(failed.stages.map((s) => s.state)).toEqual(['failed', 'left-out', 'ahead']);
  });

  it('keeps a gate that is asked twice once, and a deployment that is asked for again once', () => {
    const again = told(stream, 'release.deployment-requested', {
      ...(deployed.data as object),
      deploymentId: '0192f5a0-0000-7000-8000-0000000000d2',
    } as never);
    const view = folded(created, entered, deployed, again, ended, asked, asked);
    expect(view.stages[0]?.gates).toHaveLength(1);
    expect(view.stages[0]?.deployments).toHaveLength(1);
  });

  it('tells who stopped it, and what superseded it', () => {
    const stopped = folded(
      created,
      entered,
      told(stream, 'release.stopped', { reason: 'not today' }),
    );
    expect(stopped).toMatchObject({ status: 'stopped', because: 'anna: not today' });
    const newer = told(stream, 'release.superseded', { by: RUN, evr: '1.4.3-1' });
    expect(folded(created, entered, newer).because).toContain('1.4.3-1');
  });
});
