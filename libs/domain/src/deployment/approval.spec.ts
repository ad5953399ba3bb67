import { describe, expect, it } from '@jest/globals';
import type { GroupName } from '@gantry/contracts';
import { World, type WorldOptions } from '../../test/world.js';
import type { HeldBack } from '../index.js';

function asked(options: WorldOptions = {}): World {
  const world = new World({ approval: {}, ...options });
  world.request();
  world.until(() => world.state.status === 'awaiting-approval');
  return world;
}

const codeOf = (decision: ReturnType<World['give']>): string =>
  decision.outcome === 'refused' ? decision.refusal.code : decision.outcome;

describe('a plan that needs approval', () => {
  it('touches nothing, and tells people that it waits', () => {
    const world = asked();
    expect(world.of('deployment.approval-requested')[0]?.data).toMatchObject({
      planHash: world.planHash,
      quorum: 1,
    });
    expect(world.open).toEqual([`approval.${world.id}`]);
    expect(world.count('deployment.started')).toBe(0);
    expect(world.installed()).not.toContain('1.1.0-1');
  });

  it('begins when another person agrees to it, and ends as it would without', () => {
    const world = asked();
    expect(codeOf(world.approval('approve', 'bob'))).toBe('accepted');
    expect(world.state.status).toBe('awaiting-approval');
    expect(world.settle()).toBe('succeeded');
    expect(world.of('deployment.approved')[0]?.data).toMatchObject({ by: 'bob' });
    expect(world.open).toEqual([]);
  });

  it('is not even asked about when the group without whoever asks is too small', () => {
    const world = new World({ approval: { quorum: 2, group: 'managers' as GroupName } });
    expect(codeOf(world.request({ approvers: ['anna', 'bob'] }))).toBe('too-few-approvers');
    expect(codeOf(world.request({ approvers: ['anna', 'bob', 'carol'] }))).toBe('accepted');
  });

  it('needs no approval where nobody asked for any', () => {
    const world = new World();
    world.request();
    expect(world.settle()).toBe('succeeded');
    expect(world.count('deployment.approval-requested')).toBe(0);
  });

  it.each([
    ['whoever asked for it', 'anna', {}, 'approver-is-requester'],
    ['CI', 'ci', {}, 'approver-is-automation'],
    ['CI by another name', 'ci-nightly', {}, 'approver-is-automation'],
    ["one of Gantry's services", 'orchestrator', {}, 'approver-is-automation'],
    ['somebody of another group', 'bob', { members: ['carol'] }, 'approver-not-in-group'],
    ['anybody, of a group that is gone', 'bob', { members: [] }, 'approver-not-in-group'],
    [
      'H-009 somebody who looks at another plan',
      'bob',
      { planHash: 'f'.repeat(64) },
      'plan-changed',
    ],
  ])('is not approved by %s, nor rejected', (_who, by, said, code) => {
    const world = asked();
    expect(codeOf(world.approval('approve', by, said))).toBe(code);
    expect(codeOf(world.approval('reject', by, said))).toBe(code);
    expect(world.state.status).toBe('awaiting-approval');
  });

  it('counts different people until the quorum is full', () => {
    const world = asked({ approval: { quorum: 2 } });
    world.approval('approve', 'bob');
    expect(codeOf(world.approval('approve', 'bob'))).toBe('approved-already');
    expect(world.state).toMatchObject({ hostsAsked: undefined });
    world.approval('approve', 'carol');
    expect(codeOf(world.approval('approve', 'dave'))).toBe('ignored');
    expect(world.settle()).toBe('succeeded');
  });

  it('H-010 does not count whoever has left the group since', () => {
    const world = asked({ approval: { quorum: 2 } });
    world.approval('approve', 'bob', { members: ['bob', 'carol', 'dave'] });
    world.approval('approve', 'carol', { members: ['carol', 'dave'] });
    expect(world.state).toMatchObject({ status: 'awaiting-approval', hostsAsked: undefined });
    world.approval('approve', 'dave', { members: ['carol', 'dave'] });
    expect(world.settle()).toBe('succeeded');
  });

  it('is refused when somebody says no, with the reason', () => {
    const world = asked();
    world.approval('reject', 'bob');
    expect(world.state.status).toBe('refused');
    expect(world.of('deployment.refused')[0]?.data.findings[0]?.message).toBe(
      'bob did not approve it: because',
    );
    expect(world.open).toEqual([]);
  });

  it('H-010 ends when its time is over, however many have agreed', () => {
    const world = asked({ approval: { quorum: 2, expiresAfterMs: 60_000 } });
    world.approval('approve', 'bob');
    world.nowMs += 60_000;
    expect(codeOf(world.approval('approve', 'carol'))).toBe('approval-expired');
    expect(world.settle()).toBe('expired');
    expect(world.of('deployment.expired')[0]?.data.because).toMatch(/^1 of 2 approvals by/);
    expect(world.open).toEqual([]);
  });

  it('ends when its time is over while hosts are asked again', () => {
    const world = asked({ approval: { expiresAfterMs: 60_000 } });
    world.approval('approve', 'bob');
    world.outage(60_000);
    expect(world.settle()).toBe('expired');
  });

  it('H-011 cannot be approved before there is a plan, nor after it began', () => {
    const world = new World({ approval: {} });
    expect(codeOf(world.approval('approve', 'bob'))).toBe('unknown-deployment');
    world.request();
    expect(codeOf(world.approval('approve', 'bob'))).toBe('not-awaiting-approval');
    world.until(() => world.state.status === 'awaiting-approval');
    world.approval('approve', 'bob');
    world.until(() => world.state.status === 'running');
    expect(codeOf(world.approval('approve', 'carol'))).toBe('not-awaiting-approval');
  });

  it.each(['quarantined', 'changed', 'gone'] as const)(
    'is not approved once its build is %s',
    (state) => {
      const world = asked();
      const builds = [{ name: 'shop', evr: '1.1.0-1', state, note: 'rolled back by d1' }];
      expect(codeOf(world.approval('approve', 'bob', { builds }))).toBe(`build-${state}`);
      expect(codeOf(world.approval('reject', 'bob', { builds }))).toBe('accepted');
    },
  );

  it('is refused when its build is in no repository any more', () => {
    const world = asked();
    const [{ name, evr } = { name: '', evr: '' }] = world.target.packages;
    world.give({ type: 'build.gone', data: { name, evr } as never });
    expect(world.state.status).toBe('refused');
    expect(world.open).toEqual([]);
  });

  it('does not begin by its last approval while a window is closed or a hold binds', () => {
    const world = asked({ approval: { quorum: 2 } });
    const heldBack: HeldBack = {
      id: 'freeze:sale',
      rule: 'freeze',
      ...{ what: 'production is frozen', who: 'the fleet file', todo: 'Wait.', others: [] },
    };
    expect(codeOf(world.approval('approve', 'bob', { heldBack }))).toBe('accepted');
    expect(codeOf(world.approval('approve', 'carol', { heldBack }))).toBe('freeze');
    world.approval('approve', 'carol');
    expect(world.settle()).toBe('succeeded');
  });
});

describe('a release that goes no further', () => {
  it.each([
    ['superseded', 'superseded'],
    ['stopped', 'cancelled'],
  ] as const)('%s, leaves nothing behind that somebody may still approve', (because, end) => {
    const world = asked();
    world.approval('approve', 'bob');
    world.withdraw(because);
    expect(world.settle()).toBe(end);
    expect(world.open).toEqual([]);
    expect(codeOf(world.approval('approve', 'carol'))).toBe('not-awaiting-approval');
  });

  it('lets what has begun, or begins without asking, go on to its end', () => {
    const world = new World();
    world.request();
    expect(codeOf(world.withdraw('superseded'))).toBe('ignored');
    world.until(() => world.state.status === 'running');
    expect(codeOf(world.withdraw('stopped'))).toBe('ignored');
    expect(world.settle()).toBe('succeeded');
  });
});

describe('a plan that has changed since', () => {
  it('H-009 voids what was agreed to, and asks for the new one', () => {
    const world = asked();
    const before = world.planHash;
    const host = world.fleet.truth.get('web2.lab');
    if (host !== undefined) host.installed = '0.9.0-1';
    world.approval('approve', 'bob');
    world.until(() => world.count('deployment.approvals-voided') > 0);
    expect(world.of('deployment.approvals-voided')[0]?.data.planHash).toBe(before);
    expect(world.state).toMatchObject({ status: 'awaiting-approval', consents: [] });
    expect(world.planHash).not.toBe(before);
    expect(world.open).toEqual([`approval.${world.id}`]);
    expect(codeOf(world.approval('approve', 'bob', { planHash: before }))).toBe('plan-changed');
    world.approval('approve', 'bob');
    expect(world.settle()).toBe('succeeded');
  });

  it('is refused when it cannot be done any more', () => {
    const world = asked({ scripts: { 'web3.lab': {} } });
    for (const host of world.fleet.truth.values()) host.installed = '1.1.0-1';
    world.approval('approve', 'bob');
    expect(world.settle()).toBe('refused');
    expect(world.open).toEqual([]);
  });

  it('takes no answer to the question before', () => {
    const world = asked();
    const [late] = world.of('deployment.host-surveyed');
    world.approval('approve', 'bob');
    const requestId = world.of('puppet.survey.requested')[0]?.data.requestId;
    if (late === undefined || requestId === undefined) throw new Error('nobody was asked');
    const answer = { type: 'puppet.host.surveyed', data: { ...late.data, requestId } } as const;
    expect(world.give(answer)).toMatchObject({ outcome: 'ignored' });
  });

  it('H-010 has a hash of its own in every deployment', () => {
    const other = '0192f5a0-0000-7000-8000-000000000002' as World['id'];
    const world = new World({ approval: {} }, other);
    world.request();
    world.until(() => world.state.status === 'awaiting-approval');
    expect(codeOf(world.approval('approve', 'bob', { planHash: asked().planHash }))).toBe(
      'plan-changed',
    );
  });

  it('is asked for again when messages did not travel', () => {
    const world = asked();
    world.approval('approve', 'bob');
    world.outage(120_000);
    expect(world.settle()).toBe('succeeded');
  });
});
