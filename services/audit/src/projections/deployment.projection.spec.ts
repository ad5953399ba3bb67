import { describe, expect, it } from '@jest/globals';
import { DeploymentView, type DeploymentView as View } from '@gantry/contracts';
import {
  begun,
  D1,
  D2,
  failedTurn,
  goodDeployment,
  placed,
  rolledBackDeployment,
  told,
  turn,
  WEB1,
  WEB2,
  type Told,
} from '../../test/log-story.js';
import { MemoryModels } from '../../test/memory-models.js';
import { deploymentView } from './deployment.record.js';

const stream = { type: 'deployment', id: D1 };

function view(story: readonly Told[], id = D1): View {
  const models = new MemoryModels().apply(placed(story));
  const seen = deploymentView(models.row('deployment', id));
  expect(DeploymentView.parse(seen)).toEqual(seen);
  return seen;
}

/** What happens until people are asked. */
const isBefore = ({ type }: Told): boolean => type !== 'deployment.started';

const host = (seen: View, name: string) => seen.progress.find((item) => item.host === name);

describe('a deployment, as its page shows it', () => {
  it('is requested, with its hosts waiting and nothing planned', () => {
    const seen = view(begun(D1, '1.1.0-1', [WEB1, WEB2]).slice(0, 1));
    expect(seen).toMatchObject({
      id: D1,
      application: 'shop',
      environment: 'production',
      evr: '1.1.0-1',
      status: 'requested',
      requestedBy: 'anna',
      startedAt: null,
      planHash: null,
      allowedActions: ['cancel'],
      hosts: { total: 2, done: 0, failed: 0, inFlight: 0 },
      version: 1,
    });
  });

  it('shows the plan, then runs', () => {
    const seen = view(begun(D1, '1.1.0-1', [WEB1, WEB2]));
    expect(seen).toMatchObject({ status: 'running', findings: [{ code: 'no-noop' }] });
    expect(seen.startedAt).not.toBeNull();
    expect(seen.pools).toHaveLength(1);
    expect(host(seen, WEB1)).toMatchObject({
      status: 'queued',
      canary: true,
      from: [{ name: 'shop', evr: '1.0.0-1' }],
      to: '1.1.0-1',
    });
    expect(host(seen, WEB2)?.canary).toBe(false);
  });

  const steps: [events: number, status: string][] = [
    [1, 'reserving'],
    [2, 'draining'],
    [3, 'drained'],
    [4, 'running-puppet'],
    [6, 'running-puppet'],
    [7, 'running-puppet'],
    [8, 'verifying'],
    [9, 'verifying'],
    [10, 'enabling'],
    [11, 'enabling'],
    [12, 'done'],
  ];
  it.each(steps)('after %i events of its turn the host is %s', (events, status) => {
    const story = [...begun(D1, '1.1.0-1', [WEB1]), ...turn(D1, WEB1, '1.1.0-1').slice(0, events)];
    const seen = view(story);
    expect(host(seen, WEB1)?.status).toBe(status);
    expect(seen.hosts.inFlight).toBe(status === 'done' ? 0 : 1);
  });

  it("gives a done host its proof, and says where its turn's time went", () => {
    const done = host(view(goodDeployment(D1, '1.1.0-1')), WEB1);
    expect(done?.proof?.installed).toEqual([
      { name: 'shop', evr: '1.1.0-1', nevra: 'shop-1.1.0-1.x86_64' },
    ]);
    // Twelve events one second apart; drain and enable waited 400 and 300 ms, Puppet ran 1.5 s, health took 0.75 s more.
    expect(done?.timings).toEqual({
      totalMs: 11_000,
      drainMs: 400,
      puppetMs: 1_500,
      healthMs: 750,
      enableMs: 300,
      machineMs: 8_050,
    });
  });

  it('ends, and then allows nothing more', () => {
    const seen = view(goodDeployment(D1, '1.1.0-1'));
    expect(seen).toMatchObject({
      status: 'succeeded',
      allowedActions: [],
      hosts: { total: 2, done: 2, failed: 0, inFlight: 0 },
    });
    expect(seen.endedAt).not.toBeNull();
  });

  it('whose time a pause takes is said by who ends it, unless a host is still at work', () => {
    const paused = (because: 'held' | 'person') =>
      told(stream, 'deployment.paused', { because, reason: 'x' });
    const hand = (...story: readonly Told[]) =>
      new MemoryModels().apply(placed(story)).row('deployment', D1).line?.at(-1)?.hand;
    const started = begun(D1, '1.1.0-1', [WEB1]);
    expect(hand(...started)).toBe('waiting');
    expect(hand(...started, paused('person'))).toBe('approval');
    expect(hand(...started, paused('held'))).toBe('waiting');
    const running = turn(D1, WEB1, '1.1.0-1').slice(0, 7);
    expect(hand(...started, ...running, paused('held'))).toBe('puppet');
    expect(hand(...goodDeployment(D1, '1.1.0-1'))).toBeNull();
  });

  describe('with a plan that needs approval', () => {
    const planHash = 'b'.repeat(64);
    const asked = told(stream, 'deployment.approval-requested', {
      ...{ planHash, quorum: 2, group: 'managers', expiresAt: '2026-03-11T09:00:00.000Z' },
    });
    const yes = (by: string) =>
      told(stream, 'deployment.approved', { planHash, by, reason: `fine, says ${by}` });
    const waits = [...begun(D1, '1.1.0-1', [WEB1]).filter(isBefore), asked];

    it('says who has agreed, and how many are missing', () => {
      const seen = view([...waits, yes('bob')]);
      expect(seen).toMatchObject({ status: 'awaiting-approval', allowedActions: ['cancel'] });
      expect(seen.approval).toMatchObject({
        ...{ planHash, quorum: 2, group: 'managers', missing: 1, note: '' },
        given: [{ by: 'bob', reason: 'fine, says bob' }],
      });
    });

    it('its time is that of people until all have agreed', () => {
      const at = (story: readonly Told[]) =>
        new MemoryModels().apply(placed(story)).row('deployment', D1).line?.at(-1)?.hand;
      expect(at(waits)).toBe('approval');
      expect(at([...waits, yes('bob')])).toBe('approval');
      expect(at([...waits, yes('bob'), yes('eve')])).toBe('machine');
    });

    it('H-009 counts nothing of what was agreed to an earlier plan', () => {
      const because = 'hosts changed';
      const voided = told(stream, 'deployment.approvals-voided', { planHash, because });
      const { approval } = view([...waits, yes('bob'), voided, asked]);
      expect(approval).toMatchObject({ given: [], missing: 2 });
      expect(approval?.note).toMatch(/hosts changed/);
    });

    it.each([
      [
        'superseded',
        told(stream, 'deployment.superseded', { by: D2, evr: '1.2.0-1' }),
        /1\.2\.0-1 is newer/,
      ],
      ['expired', told(stream, 'deployment.expired', { because: '1 of 2' }), /1 of 2/],
    ])('ends %s, and says why', (status, end, note) => {
      const seen = view([...waits, yes('bob'), end]);
      expect(seen).toMatchObject({ status, allowedActions: [] });
      expect(seen.endedAt).not.toBeNull();
      expect(seen.approval?.note).toMatch(note);
    });

    it('says who did not agree', () => {
      const no = told(stream, 'deployment.rejected', {
        planHash,
        by: 'carol',
        reason: 'not today',
      });
      expect(view([...waits, no]).approval?.note).toBe('carol did not approve it: not today');
    });
  });

  it('names a failed host and why it stands still', () => {
    const seen = view([
      ...begun(D1, '2.0.0-1', [WEB1, WEB2]),
      ...failedTurn(D1, WEB1),
      told(stream, 'deployment.paused', { because: 'failure-budget', reason: '1 of 0 failed' }),
    ]);
    expect(seen).toMatchObject({
      status: 'paused',
      pausedBecause: '1 of 0 failed',
      allowedActions: ['resume', 'cancel', 'rollback'],
      hosts: { failed: 1 },
    });
    expect(host(seen, WEB1)).toMatchObject({
      status: 'failed',
      failure: { step: 'run', class: 'broken', reason: 'catalog failed', outOfService: true },
      proof: null,
      timings: null,
    });
  });

  it('shows what may be done to each host, another turn, and other limits', () => {
    const story = [
      ...begun(D1, '2.0.0-1', [WEB1, WEB2]),
      ...failedTurn(D1, WEB1),
      told(stream, 'deployment.paused', { because: 'failure-budget', reason: '1 of 0 failed' }),
    ];
    const stopped = view(story);
    expect(stopped.limits).toEqual({ maxOutOfService: 1, failureBudget: 0 });
    expect(host(stopped, WEB1)?.allowedActions).toEqual(['retry']);
    expect(host(stopped, WEB2)?.allowedActions).toEqual(['skip']);
    const again = view([
      ...story,
      told(stream, 'deployment.host-retried', { host: WEB1, reason: 'the disk is new' }),
      told(stream, 'deployment.limits-changed', { failureBudget: 2, reason: 'a quiet night' }),
    ]);
    expect(again).toMatchObject({
      hosts: { failed: 0 },
      limits: { maxOutOfService: 1, failureBudget: 2 },
    });
    expect(host(again, WEB1)).toMatchObject({
      status: 'queued',
      note: 'another turn: the disk is new',
      failure: null,
    });
  });

  it('forgets the reason of a pause when it goes on', () => {
    const seen = view([
      ...begun(D1, '2.0.0-1', [WEB1]),
      told(stream, 'deployment.paused', { because: 'person', reason: 'lunch' }),
      told(stream, 'deployment.resumed', { reason: 'back' }),
    ]);
    expect(seen).toMatchObject({ status: 'running', pausedBecause: null });
  });

  it('turns hosts back to what they had', () => {
    const story = rolledBackDeployment(D2);
    const begins = story.findIndex(({ type }) => type === 'deployment.rollback-started');
    const going = view(story.slice(0, begins + 1), D2);
    expect(going).toMatchObject({ status: 'rolling-back', allowedActions: [] });
    expect(host(going, WEB2)).toMatchObject({ status: 'queued', direction: 'back', to: '1.0.0-1' });
    const back = view(story, D2);
    expect(back.status).toBe('rolled-back');
    expect(host(back, WEB2)).toMatchObject({
      status: 'done',
      direction: 'back',
      to: '1.0.0-1',
      failure: null,
    });
  });

  it('leaves hosts alone whose turn had not come when it was rolled back', () => {
    const seen = view([
      ...begun(D1, '2.0.0-1', [WEB1, WEB2]),
      ...turn(D1, WEB1, '2.0.0-1'),
      told(stream, 'deployment.rollback-started', {
        because: 'person',
        reason: 'no',
        hosts: [WEB1],
      }),
    ]);
    expect(host(seen, WEB2)).toMatchObject({ status: 'skipped', direction: 'forward' });
  });

  it('shows a delay: a reservation given back waits in the queue, any other step stands where it is', () => {
    const delayed = (step: 'reserve' | 'run') =>
      told(stream, 'deployment.host-step-delayed', {
        host: WEB1,
        step,
        class: 'static',
        reason: 'busy',
        attempt: 1,
        until: '2026-03-01T11:00:00.000Z',
      });
    const story = [...begun(D1, '1.1.0-1', [WEB1]), ...turn(D1, WEB1, '1.1.0-1').slice(0, 6)];
    expect(host(view([...story, delayed('run')]), WEB1)).toMatchObject({
      status: 'running-puppet',
      note: 'run again at 2026-03-01T11:00:00.000Z: busy',
    });
    expect(host(view([...story, delayed('reserve')]), WEB1)?.status).toBe('queued');
  });

  it('refuses to begin in the middle', () => {
    const [, second] = placed(begun(D1, '1.1.0-1', [WEB1]));
    expect(() => new MemoryModels().apply([second!])).toThrow(
      expect.objectContaining({ kind: 'corrupt', code: 'audit.row-missing' }),
    );
  });
});
