import { describe, expect, it } from '@jest/globals';
import { World, type WorldOptions } from '../../test/world.js';
import type { DeploymentInput } from './input.js';

function begun(options: WorldOptions): World {
  const world = new World(options);
  world.request();
  return world;
}

const lost = (n: number): 'lost'[] => Array<'lost'>(n).fill('lost');

describe('a request that gets no answer', () => {
  it('is sent again under its own id: what was done already is not done twice', () => {
    const world = begun({ scripts: { 'web1.lab': { drains: ['lost'], enables: lost(2) } } });
    expect(world.settle()).toBe('succeeded');
    const drains = world.of('lb.drain.requested').filter((f) => f.data.host === 'web1.lab');
    expect(new Set(drains.map((f) => f.data.requestId)).size).toBe(1);
    expect(drains).toHaveLength(2);
  });

  it.each([
    ['drain', { drains: lost(20) }, 'host-out-of-service.web1.lab', true],
    ['publish', { publishes: lost(20) }, undefined, false],
    ['enable', { enables: lost(20) }, 'host-out-of-service.web1.lab', true],
  ] as const)('of step %s ends the turn after many asks', (step, script, item, outOfService) => {
    const world = begun({ scripts: { 'web1.lab': script } });
    expect(world.settle()).toBe('paused');
    expect(world.of('deployment.host-failed')[0]?.data).toMatchObject({
      host: 'web1.lab',
      step,
      outOfService,
    });
    if (item !== undefined) expect(world.open).toContain(item);
  });

  it('is not called silence before the step may have ended', () => {
    const hour = 3_600_000;
    const world = begun({
      scripts: { 'web1.lab': { drains: lost(500) } },
      strategy: { drain: { timeoutMs: hour, maxConnections: 0, onTimeout: 'fail' } },
    });
    world.until(() => world.count('lb.drain.requested') === 1);
    const since = world.nowMs;
    world.until(() => world.count('deployment.host-failed') === 1);
    expect(world.nowMs - since).toBeGreaterThan(hour);
  });
});

describe('a run that gets no answer', () => {
  it('is asked after in the journal of the host, with a new id each time', () => {
    const world = begun({ scripts: { 'web1.lab': { runs: ['hangs'] } } });
    expect(world.settle()).toBe('paused');
    const queries = world.of('puppet.query.requested').map((f) => f.data.requestId);
    expect(queries.length).toBeGreaterThanOrEqual(8);
    expect(new Set(queries).size).toBe(queries.length);
    expect(world.open).toContain('host-out-of-service.web1.lab');
    expect(world.count('puppet.run.requested')).toBe(1);
  });

  it('is told again by the host, and counts once', () => {
    const world = begun({});
    world.until(() => world.phase('web1.lab') === 'running-puppet');
    world.carryOut();
    world.answers.length = 0;
    expect(world.settle()).toBe('succeeded');
    expect(world.fleet.runsOf.size).toBe(4);
  });

  it('is asked for anew only once its host has said that it never saw it, and so refuses it', () => {
    const world = begun({ scripts: { 'web1.lab': { runs: ['lost'] } } });
    expect(world.settle()).toBe('succeeded');
    const [first, second] = world.of('puppet.run.requested');
    expect(first?.data.host).toBe(second?.data.host);
    expect(first?.data.requestId).not.toBe(second?.data.requestId);
    expect(world.count('puppet.query.requested')).toBeGreaterThanOrEqual(1);
  });

  it('is never asked for anew when the host forgot a run it had told of', () => {
    const world = begun({});
    world.until(() => world.phase('web1.lab') === 'running-puppet');
    world.carryOut();
    world.deliver();
    world.answers.length = 0;
    const data = world.of('puppet.run.requested')[0]!.data;
    world.nowMs += 120_000;
    const { requestId: commandId, host } = data;
    const status = { requestId: commandId, host, commandId, state: 'never-seen' } as const;
    world.give({ type: 'puppet.run.status', data: status });
    expect(world.of('deployment.host-failed')[0]?.data).toMatchObject({ class: 'unknown' });
    expect(world.count('puppet.run.requested')).toBe(1);
  });
});

describe('an answer', () => {
  it('that comes twice, late, or for another request changes nothing', () => {
    const world = begun({});
    const given: DeploymentInput[] = [];
    for (let i = 0; i < 1_000; i++) {
      given.push(...world.answers.slice(0, 1));
      if (!world.step()) break;
      for (const answer of given) expect(world.give(answer).outcome).toBe('ignored');
    }
    expect(world.state.status).toBe('succeeded');
  });

  it('H-061 that calls a run converged without proof leaves the host out', () => {
    const world = begun({ scripts: { 'web1.lab': { runs: ['lies'] } } });
    expect(world.settle()).toBe('paused');
    expect(world.of('deployment.host-failed')[0]?.data.reason).toBe(
      'called converged, but shop is 1.0.0-1 instead of 1.1.0-1',
    );
    expect(world.open).toContain('host-out-of-service.web1.lab');
  });

  it('with more words than an event may carry is cut, not lost', () => {
    const world = begun({});
    world.until(() => world.phase('web1.lab') === 'draining');
    const { requestId, host } = world.of('lb.drain.requested')[0]!.data;
    const reason = 'x'.repeat(2_000);
    const failed = { requestId, host, kind: 'timeout', reason, restored: true } as const;
    const answer: DeploymentInput = { type: 'lb.drain.failed', data: { ...failed, pools: [] } };
    expect(world.give(answer).outcome).toBe('accepted');
    world.settle();
    expect(world.of('deployment.host-failed')[0]?.data.reason).toHaveLength(2_000);
  });
});

describe('a drain that was asked for twice', () => {
  it('keeps the turn until the last of the asks was refused', () => {
    const world = begun({ guarded: true, foreign: 1, strategy: { minPercent: 80 } });
    world.until(() => world.phase('web1.lab') === 'draining');
    world.nowMs += 60_000;
    world.give({ type: 'tick' });
    expect(world.requests.map((r) => r.type)).toEqual(['lb.drain.requested', 'lb.drain.requested']);
    const pool = world.fleet.inService.get('shop');
    pool?.delete('other1');
    world.carryOut();
    pool?.add('other1');
    world.deliver();
    expect(world.phase('web1.lab')).toBe('delayed');
    world.carryOut();
    expect(world.fleet.isOut('web1.lab')).toBe(true);
    expect(world.settle()).toBe('succeeded');
  });
});
