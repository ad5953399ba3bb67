import { describe, expect, it } from '@jest/globals';
import type { PoolName } from '@gantry/contracts';
import { World, type WorldOptions } from '../../test/world.js';
import { noAdmission } from './admission.js';

const inFlight = (world: World): string[] =>
  'hosts' in world.state
    ? world.state.hosts.filter((h) => h.turn !== undefined).map((h) => h.host)
    : [];

function started(options: WorldOptions): World {
  const world = new World(options);
  world.request({}, { accept: ['no-way-back'] });
  world.until(() => world.state.status === 'running');
  return world;
}

/** Most hosts that were in flight at any time. */
function widest(world: World): number {
  let most = 0;
  while (!world.ended && world.step()) most = Math.max(most, inFlight(world).length);
  return most;
}

const wide = { maxOutOfService: 3, maxUnavailablePercent: 100, minPercent: 0 };

describe('the canary', () => {
  it('goes first and alone, and bakes before anybody else goes', () => {
    const world = started({
      hosts: 4,
      strategy: { ...wide, canary: { hosts: 1, bakeMs: 60_000 } },
    });
    expect(inFlight(world)).toEqual(['web1.lab']);
    world.until(() => world.count('deployment.host-done') === 1);
    const doneAt = Date.parse(world.of('deployment.host-done')[0]!.at);
    world.until(() => world.count('deployment.host-reserved') > 1);
    const next = Date.parse(world.of('deployment.host-reserved')[1]!.at);
    expect(next - doneAt).toBeGreaterThanOrEqual(60_000);
    expect(inFlight(world)).toHaveLength(3);
  });

  it('may be several hosts, together as far as the window lets them', () => {
    const world = started({ hosts: 4, strategy: { ...wide, canary: { hosts: 2, bakeMs: 0 } } });
    expect(inFlight(world)).toEqual(['web1.lab', 'web2.lab']);
  });

  it('may be nobody', () => {
    const world = started({ hosts: 4, strategy: { ...wide, canary: { hosts: 0, bakeMs: 0 } } });
    expect(inFlight(world)).toHaveLength(3);
  });
});

describe('the window', () => {
  const noCanary = { canary: { hosts: 0, bakeMs: 0 } };

  it.each([
    [1, { maxOutOfService: 1 }],
    [2, { maxOutOfService: 2 }],
    [3, { maxOutOfService: 9, maxUnavailablePercent: 50, minPercent: 0 }],
    [2, { maxOutOfService: 9, maxUnavailablePercent: 100, minPercent: 66 }],
    [1, { maxOutOfService: 9, maxUnavailablePercent: 100, minPercent: 0, absoluteMin: 5 }],
  ])('is at most %d wide with %j of six hosts', (most, strategy) => {
    const world = started({ hosts: 6, strategy: { ...noCanary, ...strategy } });
    expect(widest(world)).toBe(most);
    expect(world.state.status).toBe('succeeded');
    expect(world.fleet.shortages).toEqual([]);
  });

  it('has no barriers: a slow host does not hold up those after it', () => {
    const world = started({
      hosts: 5,
      strategy: { ...noCanary, maxOutOfService: 2, maxUnavailablePercent: 50 },
      scripts: { 'web1.lab': { runs: ['busy', 'busy', 'busy'] } },
    });
    world.until(() => world.phase('web4.lab') === 'done');
    expect(world.phase('web1.lab')).toBe('delayed');
    expect(world.settle()).toBe('succeeded');
  });

  it('takes hosts that are out already first, without a free place', () => {
    const world = started({
      strategy: { minPercent: 75, canary: { hosts: 0, bakeMs: 0 } },
      scripts: { 'web3.lab': { startsOut: true } },
    });
    expect(inFlight(world)).toEqual(['web3.lab']);
  });

  it('takes a place in all pools of a host at once', () => {
    const world = new World({ strategy: noCanary, pools: ['shop', 'wide'], foreign: 1 });
    const wideMembers = world.fleet.inService.get('wide');
    for (const gone of ['other1', 'web4.lab']) wideMembers?.delete(gone);
    world.request();
    for (let i = 0; i < 50; i++) world.step();
    expect(world.state.status).toBe('running');
    expect(world.count('deployment.host-reserved')).toBe(0);
    wideMembers?.add('other1');
    expect(world.settle()).toBe('succeeded');
    expect(world.fleet.shortages).toEqual([]);
  });
});

describe('readings of the pools', () => {
  const noCanary = { canary: { hosts: 0, bakeMs: 0 } };

  it('are asked for again when they are old, before anybody leaves', () => {
    const world = started({ strategy: noCanary });
    const asked = world.count('lb.survey.requested');
    world.until(() => world.phase('web1.lab') === 'enabling');
    world.nowMs += 60_000;
    world.until(() => world.count('deployment.host-reserved') === 2);
    expect(world.count('lb.survey.requested')).toBe(asked + 1);
  });

  it('F-079 I-02 of a load balancer that has just reloaded let nobody leave: all get requests, and nobody can be counted on', () => {
    const world = started({ hosts: 4, strategy: { ...noCanary, minPercent: 50 } });
    const reserved = world.count('deployment.host-reserved');
    world.until(() => world.phase('web1.lab') === 'enabling');
    world.nowMs += 60_000;
    world.until(() => world.requests.some((r) => r.type === 'lb.survey.requested'));
    world.fleet.hasReloaded = true;
    const surveyed = world.count('deployment.pools-surveyed');
    world.until(() => world.count('deployment.pools-surveyed') > surveyed);
    expect(world.count('deployment.host-reserved')).toBe(reserved);
    world.fleet.hasReloaded = false;
    expect(world.settle()).toBe('succeeded');
    expect(world.fleet.shortages).toEqual([]);
  });

  it('count from when they were asked for: a late answer is an old one', () => {
    const world = started({ strategy: noCanary });
    world.until(() => world.phase('web1.lab') === 'enabling');
    world.nowMs += 60_000;
    world.until(() => world.requests.some((r) => r.type === 'lb.survey.requested'));
    world.carryOut();
    world.nowMs += 30_000;
    world.deliver();
    expect(inFlight(world)).toEqual([]);
    expect(world.settle()).toBe('succeeded');
  });

  it('of a request that is not the last one are ignored', () => {
    const world = started({ strategy: noCanary });
    const [first] = world.of('lb.survey.requested');
    const data = { requestId: first!.data.requestId, pools: [], unreadable: [] };
    expect(world.give({ type: 'lb.pools.surveyed', data }).outcome).toBe('ignored');
  });

  it('do not bring back a host that was left out after they were asked for', () => {
    const world = started({
      hosts: 4,
      strategy: { ...noCanary, minPercent: 75, failureBudget: 3, maxOutOfService: 2 },
      scripts: { 'web1.lab': { runs: ['fails'] } },
    });
    world.until(() => world.phase('web1.lab') === 'failed');
    world.settle(200);
    expect(world.fleet.shortages).toEqual([]);
    expect(world.count('lb.drain.requested')).toBe(1);
  });
});

describe('what others hold', () => {
  const shop = 'shop' as PoolName;

  it('keeps a host waiting that somebody else owns, and nobody else', () => {
    const world = new World({ strategy: { canary: { hosts: 0, bakeMs: 0 } } });
    world.admission = { ...noAdmission, claimed: new Set(['web1.lab']) };
    world.request();
    world.until(() => world.count('deployment.host-done') === 3);
    expect(world.phase('web1.lab')).toBe('queued');
    world.admission = noAdmission;
    expect(world.settle()).toBe('succeeded');
  });

  it('counts as gone in the pools they share', () => {
    const world = new World({ strategy: { minPercent: 75 }, foreign: 1 });
    world.admission = { ...noAdmission, heldInPools: new Map([[shop, ['other1']]]) };
    world.request();
    for (let i = 0; i < 50; i++) world.step();
    expect(world.count('deployment.host-reserved')).toBe(0);
    expect(world.state.status).toBe('running');
    world.admission = noAdmission;
    expect(world.settle()).toBe('succeeded');
  });

  it('leaves room on every Puppet server', () => {
    const servers = [
      { server: 'puppet1.lab', maxConcurrentRuns: 50 },
      { server: 'puppet2.lab', maxConcurrentRuns: 3 },
    ];
    const world = new World({
      hosts: 6,
      servers,
      strategy: { ...wide, canary: { hosts: 0, bakeMs: 0 } },
    });
    world.admission = { ...noAdmission, runsOn: new Map([['puppet2.lab', 1]]) };
    world.request();
    expect(widest(world)).toBe(2);
  });
});

describe('hosts that were left out', () => {
  const options: WorldOptions = {
    scripts: { 'web1.lab': { healthy: false } },
    strategy: { failureBudget: 2 },
  };

  it('stop the others when no more may be out, and a person is asked', () => {
    const world = started(options);
    expect(world.settle()).toBe('paused');
    expect(world.of('deployment.paused')[0]?.data.reason).toContain('web1.lab');
    expect(world.open).toContain(`deployment.${world.id}`);
  });

  it('do not stop the others any more when the person goes on', () => {
    const world = started(options);
    world.settle();
    world.command('resume');
    expect(world.open).toEqual(['host-out-of-service.web1.lab']);
    expect(world.settle()).toBe('succeeded-with-failures');
    expect(world.fleet.shortages).toEqual([]);
  });

  it('stop it again when the pool cannot do without one more, until they are back', () => {
    const world = started({ ...options, hosts: 3 });
    world.settle();
    world.command('resume');
    expect(world.settle()).toBe('paused');
    expect(world.fleet.shortages).toEqual([]);
    for (const members of world.fleet.inService.values()) members.add('web1.lab');
    world.command('resume');
    expect(world.settle()).toBe('succeeded-with-failures');
  });

  it('do not narrow the window any more when somebody has put them back', () => {
    const world = started({
      hosts: 6,
      scripts: { 'web1.lab': { healthy: false } },
      strategy: { failureBudget: 2, maxOutOfService: 2, minPercent: 0 },
    });
    world.until(() => world.count('deployment.host-done') === 1);
    expect(inFlight(world)).toHaveLength(1);
    for (const members of world.fleet.inService.values()) members.add('web1.lab');
    world.nowMs += 60_000;
    expect(widest(world)).toBe(2);
    expect(world.state.status).toBe('succeeded-with-failures');
  });
});
