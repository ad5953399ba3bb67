import { describe, expect, it } from '@jest/globals';
import type { DeploymentFact } from '../index.js';
import { World, type WorldOptions } from '../../test/world.js';

type Refused = Extract<DeploymentFact, { type: 'deployment.refused' }>;

/** What the planner found, as `severity code host`; the request accepts the codes. */
function planned(
  options: WorldOptions,
  accept: readonly string[] = [],
  before: (world: World) => void = () => undefined,
): { readonly world: World; readonly found: readonly string[] } {
  const world = new World(options);
  before(world);
  world.request({}, { accept: [...accept] });
  world.until(() => world.state.status !== 'requested');
  const [plan] = world.of('deployment.planned');
  const refusal: Refused | undefined = world.of('deployment.refused')[0];
  const findings = plan?.data.plan.findings ?? refusal?.data.findings ?? [];
  return { world, found: findings.map((f) => [f.severity, f.code, f.host ?? ''].join(' ').trim()) };
}

const refusedWithNothingDone = (world: World) => {
  expect(world.settle()).toBe('refused');
  expect(world.count('deployment.started')).toBe(0);
  expect(world.count('lb.drain.requested')).toBe(0);
};

describe('a plan', () => {
  it('has nothing to say when everything is in order', () => {
    const { world, found } = planned({});
    expect(found).toEqual([]);
    expect(world.of('deployment.planned')[0]?.data.plan.pools).toEqual([
      { pool: 'shop', size: 4, inService: 4, minInService: 2, batch: 1 },
    ]);
  });

  it('takes hosts that are out first, and hosts that have the version last', () => {
    const { world } = planned({ scripts: { 'web3.lab': { startsOut: true } } }, [], (w) => {
      w.fleet.truth.set('web1.lab', { installed: '1.1.0-1', broken: false, cameBack: false });
    });
    expect(
      world.of('deployment.planned')[0]?.data.plan.hosts.map((h) => [h.host, h.action, h.canary]),
    ).toEqual([
      ['web3.lab', 'deploy', true],
      ['web2.lab', 'deploy', false],
      ['web4.lab', 'deploy', false],
      ['web1.lab', 'already-there', false],
    ]);
    expect(world.settle()).toBe('succeeded');
    expect(world.phase('web1.lab')).toBe('skipped');
  });

  it('makes a canary of a host that really goes, not of one that will be skipped', () => {
    const { world } = planned(
      { scripts: { 'web1.lab': { survey: 'silent' }, 'web2.lab': { survey: 'disabled' } } },
      ['host-unreachable', 'puppet-disabled'],
    );
    const canaries = world.of('deployment.planned')[0]?.data.plan.hosts.filter((h) => h.canary);
    expect(canaries?.map((h) => h.host)).toEqual(['web3.lab']);
  });

  it('has the same hash for the same plan, whenever it is made', () => {
    const hash = () => planned({}).world.of('deployment.planned')[0]?.data.planHash;
    expect(hash()).toBe(hash());
    expect(hash()).not.toBe(planned({ hosts: 5 }).world.of('deployment.planned')[0]?.data.planHash);
  });
});

describe('what a person must have read', () => {
  const cases: readonly (readonly [code: string, WorldOptions, found: string])[] = [
    [
      'host-unreachable',
      { scripts: { 'web2.lab': { survey: 'silent' } } },
      'confirm host-unreachable web2.lab',
    ],
    [
      'puppet-disabled',
      { scripts: { 'web2.lab': { survey: 'disabled' } } },
      'confirm puppet-disabled web2.lab',
    ],
    ['downgrade', { from: '1.1.0-1', to: '1.0.0-1' }, 'confirm downgrade'],
    ['no-way-back', { scripts: { 'web2.lab': { fresh: true } } }, 'confirm no-way-back web2.lab'],
  ];

  it.each(cases)('%s stops the deployment with nothing done', (_code, options, finding) => {
    const { world, found } = planned(options);
    expect(found).toEqual([finding]);
    refusedWithNothingDone(world);
  });

  it.each(cases)('%s lets it pass when its code is accepted', (code, options, finding) => {
    const { world, found } = planned(options, [code]);
    expect(found).toEqual([finding]);
    expect(['succeeded', 'succeeded-with-failures']).toContain(world.settle());
  });

  it('skips hosts that were accepted as unreachable or disabled, and does not call that a success', () => {
    const { world } = planned(cases[0]![1], ['host-unreachable']);
    expect(world.settle()).toBe('succeeded-with-failures');
    expect(world.phase('web2.lab')).toBe('skipped');
    expect(world.outOfService()).toEqual([]);
  });

  it('does not pass one finding for the acceptance of another', () => {
    const { world } = planned(cases[0]![1], ['downgrade']);
    refusedWithNothingDone(world);
  });
});

describe('what blocks a deployment, whatever is accepted', () => {
  const everything = [
    'already-running',
    'pool-unreadable',
    'member-missing',
    'pool-too-small',
    'host-unreachable',
  ];

  it('already-running: nothing is to be done', () => {
    const { world, found } = planned({ from: '1.1.0-1' }, everything);
    expect(found).toEqual(['block already-running']);
    refusedWithNothingDone(world);
  });

  it('is not already-running where a host has the version and is out of service', () => {
    const scripts = { 'web2.lab': { startsOut: true } };
    const { world } = planned({ from: '1.1.0-1', scripts });
    expect(world.settle()).toBe('succeeded');
    expect(world.outOfService()).toEqual([]);
  });

  it('pool-too-small: by the rule alone nobody may ever leave', () => {
    const { world, found } = planned({ strategy: { minPercent: 100 } }, everything);
    expect(found).toEqual(['block pool-too-small']);
    refusedWithNothingDone(world);
    const third = planned({ hosts: 3, strategy: { maxUnavailablePercent: 33 } }, everything);
    expect(third.found).toEqual(['block pool-too-small']);
  });

  it('member-missing: the traffic of a host is not known', () => {
    const { world, found } = planned({}, everything, (w) => {
      const read = w.fleet.snapshots.bind(w.fleet);
      w.fleet.snapshots = (at) =>
        read(at).map((p) => ({ ...p, members: p.members.filter((m) => m.member !== 'web4.lab') }));
    });
    expect(found).toEqual(['block member-missing web4.lab']);
    refusedWithNothingDone(world);
  });

  it('pool-unreadable: the load balancer says so', () => {
    const world = new World();
    world.request({}, { accept: everything });
    world.carryOut();
    while (world.answers.length > 0) world.deliver();
    const asked = world.of('lb.survey.requested')[0]!.data.requestId;
    const unreadable = [{ pool: world.target.pools[0]!.pool, reason: 'x'.repeat(1_000) }];
    world.give({ type: 'lb.pools.surveyed', data: { requestId: asked, pools: [], unreadable } });
    expect(world.of('deployment.refused')[0]?.data.findings.map((f) => f.code)).toEqual([
      'pool-unreadable',
    ]);
    refusedWithNothingDone(world);
  });

  it('pool-unreadable: the load balancer says nothing in time', () => {
    const world = new World();
    world.request({}, { accept: everything });
    world.carryOut();
    for (const asked of [2, 3]) {
      world.requests.length = 0;
      world.until(() => world.count('lb.survey.requested') === asked);
    }
    world.requests.length = 0;
    expect(world.settle()).toBe('refused');
    expect(world.of('deployment.refused')[0]?.data.findings[0]?.code).toBe('pool-unreadable');
  });
});

describe('what is told', () => {
  it('pool-short: hosts in service wait until more are up', () => {
    const { world, found } = planned({
      strategy: { minPercent: 75 },
      scripts: { 'web4.lab': { startsOut: true } },
    });
    expect(found).toEqual(['info pool-short']);
    expect(world.settle()).toBe('succeeded');
    expect(world.of('deployment.host-reserved')[0]?.data.host).toBe('web4.lab');
  });
});

describe('a request', () => {
  it.each([
    ['unknown-application', { applications: [] }],
    ['unknown-environment', { environments: [] }],
    ['not-placed', { placedApplications: [] }],
    ['unknown-build', { builds: [{ name: 'shop', evr: '1.1.0-1', state: 'unknown', note: '' }] }],
    ['unknown-build', { target: undefined }],
    [
      'build-quarantined',
      { builds: [{ name: 'shop', evr: '1.1.0-1', state: 'quarantined', note: 'bad' }] },
    ],
    ['build-changed', { builds: [{ name: 'shop', evr: '1.1.0-1', state: 'changed', note: 'x' }] }],
    ['deployment-active', { activeDeployment: 'another' }],
    ['confirm-environment', { confirmByName: true }],
  ] as const)('is refused with %s, and nothing is recorded', (code, context) => {
    const world = new World();
    const decision = world.request(context);
    expect(decision).toMatchObject({ outcome: 'refused', refusal: { code } });
    expect(world.facts).toEqual([]);
  });

  it('passes when the name of the environment was typed', () => {
    const world = new World();
    const typed = { confirmEnvironment: 'production' };
    expect(world.request({ confirmByName: true }, typed).outcome).toBe('accepted');
  });

  it('is refused when the deployment exists', () => {
    const world = new World();
    world.request();
    expect(world.request()).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'deployment-exists' },
    });
  });
});
