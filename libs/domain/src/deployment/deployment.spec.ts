import { describe, expect, it } from '@jest/globals';
import { World } from '../../test/world.js';

describe('a deployment', () => {
  it('brings every host to the build, one out at a time, with a whole chain of proof', () => {
    const world = new World();
    expect(world.request().outcome).toBe('accepted');
    expect(world.settle()).toBe('succeeded');
    expect(world.installed()).toEqual(Array(4).fill('1.1.0-1'));
    expect(world.fleet.shortages).toEqual([]);
    expect(world.of('deployment.host-done').map((f) => f.data.proof)).toEqual(
      Array(4).fill(
        expect.objectContaining({
          drained: expect.objectContaining({ end: 'idle' }),
          puppetReport: expect.objectContaining({ status: 'changed' }),
          installed: [expect.objectContaining({ evr: '1.1.0-1' })],
          healthy: expect.objectContaining({ goodInRow: 3 }),
          inService: expect.objectContaining({ reads: 2 }),
        }),
      ),
    );
    expect([...world.fleet.runsOf.values()]).toEqual([1, 1, 1, 1]);
    expect(world.open).toEqual([]);
  });

  it('goes through hosts that are in no pool without draining them', () => {
    const world = new World({ pools: [] });
    world.request();
    expect(world.settle()).toBe('succeeded');
    expect(world.count('lb.drain.requested')).toBe(0);
    expect(world.of('deployment.host-done')[0]?.data.proof).toMatchObject({
      drained: null,
      inService: null,
    });
  });

  it('stops at an unhealthy canary, names it, and rolls back what was changed', () => {
    const world = new World({ scripts: { 'web1.lab': { healthy: false } } });
    world.request();
    expect(world.settle()).toBe('paused');
    expect(world.installed()).toEqual(['1.1.0-1', '1.0.0-1', '1.0.0-1', '1.0.0-1']);
    expect(world.open).toEqual(['host-out-of-service.web1.lab', `deployment.${world.id}`]);
    expect(world.command('rollback').outcome).toBe('accepted');
    expect(world.settle()).toBe('rolled-back');
    expect(world.installed()).toEqual(Array(4).fill('1.0.0-1'));
    expect(world.outOfService()).toEqual([]);
    expect(world.open).toEqual([]);
    expect(world.also).toContainEqual(
      expect.objectContaining({
        type: 'build.quarantined',
        data: expect.objectContaining({ name: 'shop', evr: '1.1.0-1' }),
      }),
    );
  });

  it('rolls back by itself where the strategy says so', () => {
    const world = new World({
      scripts: { 'web2.lab': { runs: ['fails'] } },
      strategy: { onFailure: 'rollback' },
    });
    world.request();
    expect(world.settle()).toBe('rolled-back');
    expect(world.of('deployment.rollback-started')[0]?.data).toMatchObject({
      because: 'failure-budget',
      hosts: ['web2.lab', 'web1.lab'],
    });
    expect(world.outOfService()).toEqual([]);
  });

  it('goes on within its failure budget, and is not called succeeded then', () => {
    const world = new World({
      hosts: 6,
      scripts: { 'web3.lab': { runs: ['fails'] } },
      strategy: { failureBudget: 1, maxOutOfService: 2 },
    });
    world.request();
    expect(world.settle()).toBe('succeeded-with-failures');
    expect(world.of('deployment.succeeded-with-failures')[0]?.data.failed).toEqual(['web3.lab']);
    expect(world.open).toEqual(['host-out-of-service.web3.lab']);
  });

  it('has failed when no host came to the build', () => {
    const world = new World({
      hosts: 2,
      scripts: { 'web1.lab': { runs: ['disabled'] }, 'web2.lab': { runs: ['disabled'] } },
      strategy: { failureBudget: 2 },
    });
    world.request();
    expect(world.settle()).toBe('failed');
    expect(world.outOfService()).toEqual([]);
  });

  it('F-062 a host that did not take the build is to have what it has before it is back in service', () => {
    const world = new World({
      scripts: { 'web2.lab': { runs: ['disabled'] } },
      strategy: { failureBudget: 1 },
    });
    world.request();
    expect(world.settle()).toBe('succeeded-with-failures');
    const steps = world.facts.flatMap(({ type, data }) => {
      if (!('host' in data) || data.host !== 'web2.lab') return [];
      return 'versions' in data ? [`${type} ${data.versions[0]!.evr}`] : [type];
    });
    expect(steps.slice(steps.indexOf('deployment.host-run-finished'))).toEqual([
      'deployment.host-run-finished',
      'deployment.host-returning',
      'puppet.publish.requested 1.0.0-1',
      'deployment.host-version-published',
      'lb.enable.requested',
      'deployment.host-enabled',
      'deployment.host-failed',
    ]);
  });

  it('F-062 what it has is what its run tells, not what it had when the plan was made', () => {
    const world = new World({
      scripts: { 'web2.lab': { runs: ['disabled'] } },
      strategy: { failureBudget: 1 },
    });
    world.request();
    world.until(() => world.count('deployment.started') === 1);
    const host = world.fleet.truth.get('web2.lab');
    if (host !== undefined) host.installed = '1.0.5-1';
    expect(world.settle()).toBe('succeeded-with-failures');
    const published = world
      .of('puppet.publish.requested')
      .filter((f) => f.data.host === 'web2.lab');
    expect(published.map((f) => f.data.versions[0]?.evr)).toEqual(['1.1.0-1', '1.0.5-1']);
  });

  it.each(['fails', 'lost'] as const)(
    'F-062 a host that did not take the build is back in service also when what its publisher is asked %s',
    (publishes) => {
      const many = Array.from({ length: 30 }, () => publishes);
      const world = new World({
        scripts: { 'web2.lab': { runs: ['disabled'], publishes: ['ok', ...many] } },
        strategy: { failureBudget: 1 },
      });
      world.request();
      expect(world.settle()).toBe('succeeded-with-failures');
      expect(world.count('deployment.host-returning')).toBe(1);
      expect(world.outOfService()).toEqual([]);
      expect(world.open).toEqual(['version-still-wanted.shop.web2.lab']);
    },
  );

  it.each([
    ['when it was cancelled before the run', (world: World) => void world.command('cancel'), {}],
    ['where nothing was installed', () => undefined, { fresh: true, runs: ['disabled'] }],
  ] as const)(
    'tells of a version that the next Puppet run would bring: %s',
    (_, meddle, script) => {
      const world = new World({
        scripts: { 'web1.lab': script },
        strategy: { failureBudget: 1, canary: { hosts: 0, bakeMs: 0 } },
      });
      world.request({}, { accept: ['no-way-back'] });
      world.until(() => world.count('puppet.publish.requested') === 1);
      world.carryOut(world.requests.findIndex((r) => r.type === 'puppet.publish.requested'));
      meddle(world);
      world.settle();
      expect(world.ended).toBe(true);
      expect(world.open).toEqual(['version-still-wanted.shop.web1.lab']);
    },
  );

  it('tells of it no more when a turn of the application is done there', () => {
    const world = new World({
      scripts: {
        'web1.lab': { runs: ['disabled'], publishes: ['ok', ...Array<'fails'>(9).fill('fails')] },
      },
      strategy: { failureBudget: 0 },
    });
    world.request();
    expect(world.settle()).toBe('paused');
    expect(world.open).toContain('version-still-wanted.shop.web1.lab');
    world.onHost('retry', 'web1.lab');
    world.command('resume');
    expect(world.settle()).toBe('succeeded');
    expect(world.open).toEqual([]);
  });

  it('names hosts that the load balancer does not show in service at the end', () => {
    const world = new World();
    world.request();
    world.until(() => world.count('deployment.host-done') === 4);
    for (const members of world.fleet.inService.values()) members.delete('web2.lab');
    expect(world.settle()).toBe('succeeded-with-failures');
    expect(world.open).toEqual(['host-out-of-service.web2.lab']);
  });
});
