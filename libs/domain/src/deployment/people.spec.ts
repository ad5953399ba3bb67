import { describe, expect, it } from '@jest/globals';
import type { DeploymentStatus } from '@gantry/contracts';
import { ACTIONS, World, type Action, type WorldOptions } from '../../test/world.js';
import type { HostPhase } from './state.js';
import { ALLOWED_ACTIONS } from './status.js';

const slow = { canary: { hosts: 1, bakeMs: 3_600_000 } };

/** A world in each status a deployment can be in. */
const IN_STATUS: Readonly<Partial<Record<DeploymentStatus, () => World>>> = {
  requested: () => begun({}),
  running: () => acted({}),
  paused: () => acted({}, 'pause'),
  verifying: () => to({}, 'verifying'),
  cancelling: () => acted({}, 'cancel'),
  'rolling-back': () => acted({}, 'rollback'),
  refused: () => ended({ from: '1.1.0-1' }),
  succeeded: () => ended({}),
  'succeeded-with-failures': () =>
    ended({ scripts: { 'web2.lab': { runs: ['disabled'] } }, strategy: { failureBudget: 1 } }),
  failed: () =>
    ended({ hosts: 2, strategy: { failureBudget: 2 }, scripts: both({ runs: ['disabled'] }) }),
  cancelled: () => ended({}, 'cancel'),
  'rolled-back': () => ended({}, 'rollback'),
  'rollback-failed': () => ended({ scripts: { 'web1.lab': { healthyBack: false } } }, 'rollback'),
};

function both<T>(script: T): Record<string, T> {
  return { 'web1.lab': script, 'web2.lab': script };
}

function begun(options: WorldOptions): World {
  const world = new World(options);
  world.request({}, { accept: ['no-way-back'] });
  return world;
}

function to(options: WorldOptions, status: DeploymentStatus): World {
  const world = begun(options);
  world.until(() => world.state.status === status);
  return world;
}

/** The action, given while the first host has been changed and is not done yet. */
function acted(options: WorldOptions, action?: Action): World {
  const world = begun(options);
  world.until(() => world.phase('web1.lab') === 'running-puppet');
  if (action !== undefined) expect(world.command(action).outcome).toBe('accepted');
  return world;
}

function ended(options: WorldOptions, action?: Action): World {
  const world = action === undefined ? begun(options) : acted(options, action);
  world.settle();
  return world;
}

describe.each(Object.entries(IN_STATUS))('a deployment that is %s', (status, make) => {
  const same = {
    pause: 'paused',
    resume: 'running',
    cancel: 'cancelling',
    rollback: 'rolling-back',
  };

  it.each(ACTIONS)('answers %s as the table of actions says', (action) => {
    const world = make();
    expect(world.state.status).toBe(status);
    const known = world.facts.length;
    const decision = world.command(action);
    if (same[action] === status) {
      expect(decision.outcome).toBe('ignored');
    } else if (ALLOWED_ACTIONS[status as DeploymentStatus].includes(action)) {
      expect(decision.outcome).toBe('accepted');
      return;
    } else {
      expect(decision).toMatchObject({
        outcome: 'refused',
        refusal: { status: 'conflict', code: `cannot-${action}` },
      });
    }
    expect(world.facts).toHaveLength(known);
  });
});

describe('a deployment that does not exist', () => {
  it.each(ACTIONS)('cannot %s', (action) => {
    expect(new World().command(action)).toMatchObject({
      outcome: 'refused',
      refusal: { status: 'not-found', code: 'unknown-deployment' },
    });
  });
});

type Phase = HostPhase['status'];

/** How the second host of four comes to each phase of its turn. The first is done by then. */
const AT_PHASE: readonly (readonly [Phase, WorldOptions])[] = [
  ['draining', {}],
  ['drained', {}],
  ['running-puppet', {}],
  ['verifying', {}],
  ['enabling', {}],
  ['delayed', { scripts: { 'web2.lab': { drains: ['unreachable'] } } }],
  ['delayed', { scripts: { 'web2.lab': { publishes: ['fails'] } } }],
  ['delayed', { scripts: { 'web2.lab': { runs: ['busy'] } } }],
  ['delayed', { scripts: { 'web2.lab': { runs: ['server-unreachable'] } } }],
  ['delayed', { scripts: { 'web2.lab': { enables: ['unreachable'] } } }],
];

const at = (phase: Phase, options: WorldOptions): World => {
  const world = begun(options);
  world.until(() => world.phase('web2.lab') === phase);
  return world;
};

describe.each(AT_PHASE)('with a host %s %j', (phase, options) => {
  it('cancel sends no command any more, and the host ends in service or in an attention item', () => {
    const world = at(phase, options);
    const commands = () =>
      world.count('lb.drain.requested') +
      world.count('puppet.publish.requested') +
      world.count('puppet.run.requested');
    const before = commands();
    world.command('cancel');
    expect(world.settle()).toBe('cancelled');
    expect(commands()).toBe(before);
    const told = world.open.flatMap((key) =>
      key.startsWith('host-out-of-service.') ? [key.replace('host-out-of-service.', '')] : [],
    );
    expect(world.outOfService()).toEqual(told);
    expect(world.phase('web3.lab')).toBe('skipped');
    expect(world.fleet.takenOut.size).toBe(told.length);
  });

  it('cancel also ends when every answer on its way is lost', () => {
    const world = at(phase, options);
    world.command('cancel');
    world.requests.length = 0;
    world.answers.length = 0;
    expect(world.settle()).toBe('cancelled');
  });

  it('rollback brings the host and the one before it back to what they had', () => {
    const world = at(phase, options);
    world.command('rollback');
    expect(world.settle()).toBe('rolled-back');
    expect(world.installed()).toEqual(Array(4).fill('1.0.0-1'));
    expect(world.outOfService()).toEqual([]);
    expect(world.open).toEqual([]);
    const wanted = world.of('puppet.publish.requested');
    const started = world.facts.findIndex((f) => f.type === 'deployment.rollback-started');
    for (const fact of wanted.filter((f) => world.facts.indexOf(f) > started))
      expect(fact.data.versions.map((v) => v.evr)).toEqual(['1.0.0-1']);
  });

  it('rollback also ends when every answer on its way is lost', () => {
    const world = at(phase, options);
    world.command('rollback');
    world.requests.length = 0;
    world.answers.length = 0;
    expect(['rolled-back', 'rollback-failed']).toContain(world.settle());
  });

  it('pause lets the host come to its end and touches no other; resume goes on', () => {
    const world = at(phase, options);
    world.command('pause');
    expect(world.settle()).toBe('paused');
    expect(world.phase('web2.lab')).toBe('done');
    expect(world.phase('web3.lab')).toBe('queued');
    world.command('resume');
    expect(world.settle()).toBe('succeeded');
  });
});

describe('a rollback', () => {
  it('is refused when nothing was changed', () => {
    const world = to({}, 'running');
    expect(world.command('rollback')).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'nothing-to-roll-back' },
    });
    expect(world.state.status).toBe('running');
  });

  it('visits hosts that are out first', () => {
    const world = begun({ scripts: { 'web2.lab': { healthy: false } } });
    world.settle();
    world.command('rollback');
    expect(world.of('deployment.rollback-started')[0]?.data.hosts).toEqual([
      'web2.lab',
      'web1.lab',
    ]);
    world.settle();
    const turns = world.of('deployment.host-reserved').filter((f) => f.data.direction === 'back');
    expect(turns.map((f) => f.data.host)).toEqual(['web2.lab', 'web1.lab']);
  });

  it('F-098 stops at a host that is not healthy on its old version either, and loses no other', () => {
    const world = begun({ scripts: { 'web1.lab': { healthyBack: false } } });
    world.until(() => world.count('deployment.host-done') === 3);
    world.command('rollback');
    expect(world.settle()).toBe('rollback-failed');
    expect(world.outOfService()).toEqual(['web1.lab']);
    expect(world.open).toEqual(['host-out-of-service.web1.lab', `deployment.${world.id}`]);
    expect(world.count('deployment.rollback-started')).toBe(1);
  });

  it('leaves a host in service that had nothing before, and says so', () => {
    const world = begun({ scripts: { 'web1.lab': { fresh: true } }, strategy: slow });
    world.until(() => world.phase('web1.lab') === 'done');
    world.command('rollback');
    expect(world.settle()).toBe('rollback-failed');
    expect(world.of('deployment.rollback-failed')[0]?.data.failed).toEqual(['web1.lab']);
    expect(world.outOfService()).toEqual([]);
  });

  it('returns a host that Puppet will not run on as it is, in service', () => {
    const world = begun({
      scripts: { 'web1.lab': { runs: ['converges', 'disabled'] } },
      strategy: slow,
    });
    world.until(() => world.phase('web1.lab') === 'done');
    world.command('rollback');
    expect(world.settle()).toBe('rollback-failed');
    expect(world.outOfService()).toEqual([]);
  });

  it('does not put a broken host back because Puppet will not run on it', () => {
    const world = begun({ scripts: { 'web1.lab': { runs: ['fails', 'disabled'] } } });
    world.settle();
    world.command('rollback');
    expect(world.settle()).toBe('rollback-failed');
    expect(world.outOfService()).toEqual(['web1.lab']);
    expect(world.open).toContain('host-out-of-service.web1.lab');
  });
});

describe('a host that was out of service before its turn', () => {
  it('is not put in service when its turn comes to nothing', () => {
    const world = begun({ scripts: { 'web1.lab': { startsOut: true, runs: ['disabled'] } } });
    world.settle();
    expect(world.count('lb.enable.requested')).toBe(0);
    expect(world.open).toContain('host-out-of-service.web1.lab');
  });

  it('is not put in service by a cancel', () => {
    const world = begun({ scripts: { 'web1.lab': { startsOut: true } } });
    world.until(() => world.phase('web1.lab') === 'drained');
    world.command('cancel');
    expect(world.settle()).toBe('cancelled');
    expect(world.count('lb.enable.requested')).toBe(0);
    expect(world.open).toEqual(['host-out-of-service.web1.lab']);
  });
});
