import { describe, expect, it } from '@jest/globals';
import type { DeploymentStatus } from '@gantry/contracts';
import { World, type WorldOptions } from '../../test/world.js';
import { isTerminal } from './status.js';

const slow = { canary: { hosts: 1, bakeMs: 3_600_000 } };

function begun(options: WorldOptions = {}): World {
  const world = new World(options);
  world.request();
  return world;
}

/** The first host, a canary, has failed after its run, and the deployment waits for a person. */
function stopped(): World {
  const world = begun({ scripts: { 'web1.lab': { runs: ['fails'] } } });
  expect(world.settle()).toBe('paused');
  expect(world.phase('web1.lab')).toBe('failed');
  return world;
}

describe('a host that has failed', () => {
  it('takes its whole turn again, goes back in service with its proof, and the item is closed', () => {
    const world = stopped();
    expect(world.open).toContain('host-out-of-service.web1.lab');
    expect(world.onHost('retry', 'web1.lab').outcome).toBe('accepted');
    expect(world.phase('web1.lab')).toBe('queued');
    world.command('resume');
    expect(world.settle()).toBe('succeeded');
    expect(world.of('deployment.host-reserved').map((f) => f.data.host)).toEqual([
      'web1.lab',
      ...['web1.lab', 'web2.lab', 'web3.lab', 'web4.lab'],
    ]);
    expect(world.of('deployment.host-done')[0]?.data).toMatchObject({ host: 'web1.lab' });
    expect([world.open, world.outOfService()]).toEqual([[], []]);
  });

  it('stays out when its other turn fails as well, and the deployment stops again', () => {
    const world = begun({ scripts: { 'web1.lab': { runs: ['fails', 'fails'] } } });
    world.settle();
    world.onHost('retry', 'web1.lab');
    world.command('resume');
    expect(world.settle()).toBe('paused');
    expect(world.outOfService()).toEqual(['web1.lab']);
    expect(world.open).toContain('host-out-of-service.web1.lab');
  });

  it('waits for its other turn while the deployment is paused', () => {
    const world = stopped();
    world.onHost('retry', 'web1.lab');
    expect(world.settle()).toBe('paused');
    expect(world.count('deployment.host-reserved')).toBe(1);
  });

  it('does not leave room for another failure: what was accepted was this one', () => {
    const scripts = { 'web1.lab': { runs: ['fails'] }, 'web2.lab': { runs: ['fails'] } } as const;
    const world = begun({ hosts: 6, strategy: { minPercent: 34 }, scripts });
    world.settle();
    world.command('resume');
    world.until(() => world.phase('web2.lab') === 'draining');
    world.onHost('retry', 'web1.lab');
    expect(world.settle()).toBe('paused');
    expect(world.phase('web2.lab')).toBe('failed');
  });

  it('is asked for once, however often a person asks', () => {
    const world = stopped();
    world.onHost('retry', 'web1.lab');
    expect(world.onHost('retry', 'web1.lab').outcome).toBe('ignored');
    expect(world.count('deployment.host-retried')).toBe(1);
  });
});

describe('a host that waits for its turn', () => {
  it('is left as it is when a person skips it, and the deployment is not called succeeded', () => {
    const world = begun();
    world.until(() => world.phase('web1.lab') === 'running-puppet');
    expect(world.onHost('skip', 'web3.lab').outcome).toBe('accepted');
    expect(world.onHost('skip', 'web3.lab').outcome).toBe('ignored');
    expect(world.settle()).toBe('succeeded-with-failures');
    expect(world.of('deployment.succeeded-with-failures')[0]?.data.failed).toEqual(['web3.lab']);
    expect(world.installed()).toEqual(['1.1.0-1', '1.1.0-1', '1.0.0-1', '1.1.0-1']);
  });

  it('has its turn after all when a person thinks again', () => {
    const world = begun({ strategy: slow });
    world.until(() => world.phase('web1.lab') === 'done');
    world.onHost('skip', 'web3.lab');
    expect(world.onHost('retry', 'web3.lab').outcome).toBe('accepted');
    expect(world.settle()).toBe('succeeded');
  });

  it('cannot be skipped while it is out: it would stay out', () => {
    const world = stopped();
    world.onHost('retry', 'web1.lab');
    expect(world.onHost('skip', 'web1.lab')).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'cannot-skip-host', status: 'conflict' },
    });
  });
});

describe('commands that do not fit', () => {
  it.each(['skip', 'retry'] as const)('%s of a host in flight is refused', (action) => {
    const world = begun();
    world.until(() => world.phase('web1.lab') === 'running-puppet');
    expect(world.onHost(action, 'web1.lab')).toMatchObject({
      outcome: 'refused',
      refusal: { code: `cannot-${action}-host` },
    });
  });

  it('a host of somebody else is not found, and neither is a deployment that never was', () => {
    const refusal = { code: 'unknown-host', status: 'not-found' };
    expect(stopped().onHost('retry', 'db1.lab')).toMatchObject({ outcome: 'refused', refusal });
    expect(new World().onHost('retry', 'web1.lab')).toMatchObject({
      refusal: { code: 'unknown-deployment' },
    });
    expect(new World().limits({ failureBudget: 1 })).toMatchObject({
      refusal: { code: 'unknown-deployment' },
    });
  });

  it('F-095 nothing can be done to a deployment that has ended', () => {
    const world = begun();
    world.settle();
    const known = world.facts.length;
    for (const decision of [
      world.onHost('retry', 'web1.lab'),
      world.onHost('skip', 'web1.lab'),
      world.limits({ maxOutOfService: 2 }),
      world.command('cancel'),
    ])
      expect(decision).toMatchObject({ outcome: 'refused', refusal: { status: 'conflict' } });
    expect(world.facts).toHaveLength(known);
  });
});

describe('other limits', () => {
  it('let more hosts out at once from now on, within what the pools allow', () => {
    const world = begun({
      hosts: 8,
      strategy: { canary: { hosts: 0, bakeMs: 0 }, maxUnavailablePercent: 100, minPercent: 50 },
    });
    world.until(() => world.phase('web1.lab') === 'draining');
    const inFlight = () => new Set(world.facts.filter(isTurn).map((f) => f.data.host)).size;
    expect(inFlight()).toBe(1);
    expect(world.limits({ maxOutOfService: 1_000 }).outcome).toBe('accepted');
    expect(inFlight()).toBe(4);
    expect(world.settle()).toBe('succeeded');
    expect(world.fleet.shortages).toEqual([]);
  });

  it('that are tighter end nothing that is in flight', () => {
    const world = begun({
      hosts: 8,
      strategy: {
        canary: { hosts: 0, bakeMs: 0 },
        maxOutOfService: 3,
        maxUnavailablePercent: 100,
        minPercent: 50,
      },
    });
    world.until(() => world.phase('web3.lab') === 'draining');
    world.limits({ maxOutOfService: 1 });
    expect(world.settle()).toBe('succeeded');
    expect(world.count('deployment.host-failed')).toBe(0);
  });

  it('a smaller budget stops a deployment that has failed more often, a larger one lets it go on', () => {
    const options = {
      hosts: 6,
      strategy: { failureBudget: 2, minPercent: 34 },
      scripts: { 'web1.lab': { runs: ['disabled'] } },
    } as const;
    const world = begun(options);
    world.until(() => world.phase('web2.lab') === 'running-puppet');
    world.limits({ failureBudget: 0 });
    expect(world.state.status).toBe('paused');
    world.limits({ failureBudget: 1 });
    world.command('resume');
    expect(world.settle()).toBe('succeeded-with-failures');
  });

  it('that are so already change nothing', () => {
    const world = begun();
    world.until(() => world.state.status === 'running');
    expect(world.limits({ failureBudget: 0 }).outcome).toBe('ignored');
  });
});

const isTurn = (f: World['facts'][number]): f is Extract<typeof f, { data: { host: string } }> =>
  f.type === 'deployment.host-reserved';

describe('a cancel that meets the end', () => {
  /** Every point between the last host's enabling and the end, with the cancel before or after the answer on its way. */
  const moments = Array.from({ length: 40 }, (_, steps) => steps);

  it.each(moments)('F-094 %i steps before the end: one end, and everybody agrees', (steps) => {
    const world = begun({ hosts: 2 });
    world.until(() => world.phase('web2.lab') === 'enabling');
    for (let i = 0; i < steps && world.step(); i++);
    const decision = world.command('cancel');
    const end = world.settle();
    expect(isTerminal(end as DeploymentStatus)).toBe(true);
    expect(end).toBe(decision.outcome === 'accepted' ? 'cancelled' : 'succeeded');
    const ends = world.facts.filter(
      (f) => f.type === 'deployment.cancelled' || f.type === 'deployment.succeeded',
    );
    expect(ends).toHaveLength(1);
    expect(world.facts.at(-1)).toBe(ends[0]);
    expect(world.outOfService()).toEqual([]);
  });

  it('F-095 twice is once, and nothing else happens', () => {
    const world = begun();
    world.until(() => world.phase('web1.lab') === 'running-puppet');
    world.command('cancel');
    expect(world.command('cancel').outcome).toBe('ignored');
    expect(world.settle()).toBe('cancelled');
    expect(world.count('deployment.cancel-requested')).toBe(1);
  });

  it('F-095 before anything began ends it at once', () => {
    const world = begun();
    world.command('cancel');
    expect(world.state.status).toBe('cancelled');
  });
});
