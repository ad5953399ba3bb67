import { describe, expect, it } from '@jest/globals';
import { World, type WorldOptions } from '../../test/world.js';

function begun(options: WorldOptions): World {
  const world = new World(options);
  world.request();
  return world;
}
const times = <T>(n: number, what: T): T[] => Array<T>(n).fill(what);
/** Waits between the tries of one step, in milliseconds. */
const pauses = (world: World): number[] =>
  world.of('deployment.host-step-delayed').map((f) => Date.parse(f.data.until) - Date.parse(f.at));

describe('a load balancer that does not do as it is told', () => {
  it('F-073 is asked with growing pauses, given up, and the host is in service unchanged', () => {
    const world = begun({ scripts: { 'web1.lab': { drains: times(20, 'unreachable') } } });
    expect(world.settle()).toBe('paused');
    const waited = pauses(world);
    expect(waited).toHaveLength(5);
    expect(waited.at(-1)).toBeGreaterThan((waited[0] ?? 0) * 4);
    expect(world.phase('web1.lab')).toBe('failed');
    expect(world.outOfService()).toEqual([]);
    expect(world.count('puppet.run.requested')).toBe(0);
  });

  it('F-082 does not take a host in for long: a person is told soon, it is tried again, nobody else goes out', () => {
    const world = begun({ scripts: { 'web1.lab': { enables: times(12, 'unreachable') } } });
    const item = 'host-out-of-service.web1.lab';
    const since = () => world.of('lb.enable.requested')[0]?.at ?? '';
    world.until(() => world.open.includes(item));
    expect(world.nowMs - Date.parse(since())).toBeLessThan(60_000);
    expect(world.count('deployment.host-reserved')).toBe(1);
    world.until(() => world.phase('web1.lab') === 'done');
    expect(world.open).toEqual([]);
    expect(world.settle()).toBe('succeeded');
  });

  it('F-084 shows a host up whose application is not well: it stays out', () => {
    const world = begun({ scripts: { 'web1.lab': { healthy: false } } });
    expect(world.settle()).toBe('paused');
    expect(world.count('lb.enable.requested')).toBe(0);
    expect(world.outOfService()).toEqual(['web1.lab']);
  });
});

describe('a Puppet server', () => {
  it('F-069 that refuses half of the runs: they are tried again later, and every host comes to the build', () => {
    const refused = { runs: times(2, 'server-unreachable' as const) };
    const world = begun({
      scripts: { 'web1.lab': refused, 'web3.lab': refused },
      strategy: {
        canary: { hosts: 0, bakeMs: 0 },
        maxOutOfService: 2,
        minPercent: 50,
        maxUnavailablePercent: 50,
      },
    });
    expect(world.settle()).toBe('succeeded');
    expect(world.installed()).toEqual(times(4, '1.1.0-1'));
    const waited = pauses(world);
    expect(waited).toHaveLength(4);
    // Hosts do not come back in step.
    expect(new Set(waited).size).toBe(4);
  });

  it('F-070 whose code does not compile stops the deployment at its first host', () => {
    const fails = { runs: ['fails'] } as const;
    const hosts = ['web1.lab', 'web2.lab', 'web3.lab', 'web4.lab'];
    const world = begun({ scripts: Object.fromEntries(hosts.map((host) => [host, fails])) });
    expect(world.settle()).toBe('paused');
    expect(world.of('deployment.host-reserved').map((f) => f.data.host)).toEqual(['web1.lab']);
  });
});

describe('a host that never comes back', () => {
  it('F-059 is told to a person, stays out, and the deployment goes on or stops by its budget', () => {
    const silent = { 'web1.lab': { runs: ['hangs'] } } as const;
    const world = begun({ scripts: silent });
    expect(world.settle()).toBe('paused');
    expect(world.open).toContain('host-out-of-service.web1.lab');
    const patient = begun({
      scripts: silent,
      hosts: 6,
      strategy: { failureBudget: 1, minPercent: 34 },
    });
    patient.until(() => patient.phase('web1.lab') === 'failed');
    patient.settle();
    patient.command('resume');
    expect(patient.settle()).toBe('succeeded-with-failures');
    expect(patient.outOfService()).toEqual(['web1.lab']);
  });
});
