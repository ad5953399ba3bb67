import { describe, expect, it } from '@jest/globals';
import { ReleaseView } from '@gantry/contracts';
import { begun, placed, second, told, turn, WEB1, type Told } from '../../test/log-story.js';
import { MemoryModels } from '../../test/memory-models.js';
import {
  answered,
  asked,
  created,
  deployed,
  DEPLOYMENT,
  ended,
  entered,
  RELEASE,
  releaseStream,
  RUN,
} from '../../test/release-story.js';
import type { LogEvent } from './log-event.js';
import { releaseProjection } from './release.projection.js';
import { releaseView, type DeploymentLines, type ReleaseRecord } from './release.record.js';

const after = (row: ReleaseRecord | undefined, events: readonly LogEvent[]) =>
  events.reduce((record, event) => releaseProjection.apply(record, event, RELEASE), row);

function seen(record: ReleaseRecord | undefined, lines: DeploymentLines = new Map()): ReleaseView {
  const view = releaseView(record!, lines);
  expect(ReleaseView.parse(view)).toEqual(view);
  return view;
}

const folded = (...story: readonly Told[]): ReleaseView => seen(after(undefined, placed(story)));

/** With the deployments that it asked for. */
function withDeployments(...story: readonly Told[]): ReleaseView {
  const models = new MemoryModels().apply(placed(story));
  const { line } = models.row('deployment', DEPLOYMENT);
  return seen(models.row('release', RELEASE), new Map([[DEPLOYMENT, line]]));
}

const held = (rule: 'window' | 'approval'): Told =>
  told(releaseStream, 'release.held', { rule, detail: 'closed' });

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
      ...[created, entered], // second 1
      held('window'),
      told(releaseStream, 'release.freed', {}),
      ...[deployed, ended, asked, answered('pass')],
      told(releaseStream, 'release.soak-started', { stage: 0, until: second(9) }),
      told(releaseStream, 'release.stage-passed', { stage: 0 }),
    );
    expect(view.stages[0]).toMatchObject({
      state: 'passed',
      clock: {
        ...{ waitingMs: 1_000, gatesMs: 1_000, soakMs: 1_000, approvalMs: 0 },
        ...{ deployingMs: 5_000, machineMs: 5_000, drainMs: 0, puppetMs: 0, healthMs: 0 },
      },
      clockNow: null,
      gates: [{ gate: 'smoke', moment: 'after', verdict: 'pass', summary: 'seen' }],
      deployments: [{ deploymentId: DEPLOYMENT, outcome: 'succeeded' }],
    });
  });

  it('shows what holds it, and that it is over', () => {
    const hold = { rule: 'freeze' as const, detail: 'year end', until: second(99) };
    expect(folded(created, entered, told(releaseStream, 'release.held', hold)).hold).toEqual(hold);
    const failed = folded(
      ...[created, entered, deployed, ended, asked, answered('fail')],
      told(releaseStream, 'release.failed', { stage: 0, because: 'the gate smoke failed' }),
    );
    expect(failed).toMatchObject({
      ...{ status: 'failed', phase: 'over', because: 'the gate smoke failed', hold: null },
      ...{ endedAt: second(6) },
    });
    expect(failed.stages.map((s) => s.state)).toEqual(['failed', 'left-out', 'ahead']);
  });

  it('keeps a gate that is asked twice once, and a deployment that is asked for again once', () => {
    const again = told(releaseStream, 'release.deployment-requested', {
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
      told(releaseStream, 'release.stopped', { reason: 'not today' }),
    );
    expect(stopped).toMatchObject({ status: 'stopped', because: 'anna: not today' });
    const newer = told(releaseStream, 'release.superseded', { by: RUN, evr: '1.4.3-1' });
    expect(folded(created, entered, newer).because).toContain('1.4.3-1');
  });

  it('splits the time of its deployment by what that did', () => {
    const succeeded = told({ type: 'deployment', id: DEPLOYMENT }, 'deployment.succeeded', {});
    const view = withDeployments(
      ...[created, entered, deployed], // 2
      ...begun(DEPLOYMENT, '1.4.2-1', [WEB1]), // 3: requested, 8: started, and for a second no host begins
      ...turn(DEPLOYMENT, WEB1, '1.4.2-1'), // 10 to 11: drain, 15: Puppet, 16: health, 19: enabled, 20: done
      ...[succeeded, ended], // 21, 22
      told(releaseStream, 'release.stage-passed', { stage: 0 }), // 23
    );
    const parts = { drainMs: 1_000, puppetMs: 1_000, healthMs: 3_000, waitingMs: 1_000 };
    expect(view.stages[0]?.clock).toMatchObject({ ...parts, machineMs: 16_000 });
    // From its publication, a second before.
    expect(view.clock).toMatchObject({ ...parts, machineMs: 17_000 });
  });

  it('says what its time goes to now, and since when that is not counted yet', () => {
    const draining = turn(DEPLOYMENT, WEB1, '1.4.2-1').slice(0, 2);
    const going = begun(DEPLOYMENT, '1.4.2-1', [WEB1]);
    const view = withDeployments(created, entered, deployed, ...going, ...draining);
    expect(view.stages[0]?.clockNow).toEqual({
      hand: 'drain',
      since: second(2 + going.length + 2),
    });
    const now = (...story: Told[]) => folded(created, entered, ...story).stages[0]?.clockNow;
    expect(now()).toEqual({ hand: 'machine', since: second(1) });
    expect(now(held('window'))).toEqual({ hand: 'waiting', since: second(2) });
    expect(now(held('approval'))).toEqual({ hand: 'approval', since: second(2) });
    expect(now(asked)).toEqual({ hand: 'gates', since: second(2) });
  });

  it('a gate that asks a person, and a pause, wait for a person; so does nobody while a deployment goes on', () => {
    const paused = told(releaseStream, 'release.paused', {
      ...{ because: 'person', gate: null, detail: 'lunch' },
    });
    const manual = told(releaseStream, 'gate.requested', {
      ...{ gateRunId: DEPLOYMENT, gate: 'manager' as const },
      subject: (asked.data as { subject: never }).subject,
      spec: { kind: 'manual', question: 'Well?' },
    });
    const now = (...story: Told[]) => folded(created, entered, ...story).stages[0]?.clockNow?.hand;
    expect(now(paused)).toBe('approval');
    expect(now(manual)).toBe('approval');
    expect(now(manual, asked)).toBe('gates');
    expect(now(deployed, paused)).toBe('machine');
  });

  it('goes on from a row of before: what its clock showed then stays', () => {
    const [first, second_, third, ...rest] = placed([
      ...[created, entered, held('window')],
      told(releaseStream, 'release.freed', {}),
      told(releaseStream, 'release.stage-passed', { stage: 0 }),
    ]);
    const now = after(undefined, [first!, second_!, third!])!;
    const clock = { waitingMs: 700, gatesMs: 0, deployingMs: 40, soakMs: 0 };
    const stages = now.stages.map(({ line: _line, ...stage }) => ({ ...stage, clock }));
    const before = { ...now, stages };
    expect(seen(before).stages[0]?.clock).toMatchObject(clock);
    const [stage] = seen(after(before, rest)).stages;
    expect(stage?.clock).toMatchObject({ waitingMs: 1_700, deployingMs: 1_040, machineMs: 1_000 });
  });

  it('does not make up what a deployment of before did', () => {
    const [, , ...rest] = placed([created, entered, deployed, ended]);
    const record = after(after(undefined, placed([created, entered])), rest);
    const [stage] = seen(record, new Map([[DEPLOYMENT, undefined]])).stages;
    expect(stage?.clock).toMatchObject({ deployingMs: 2_000, machineMs: 1_000, puppetMs: 0 });
  });
});
