import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DeploymentId } from '@gantry/contracts';
import { World } from '../../test/world.js';
import { claimsOfDeployment, type Admission, type HostClaim } from '../index.js';

/** What one deployment sees of another's claims, as the table of claims gives it. */
function admissionOf(claims: readonly HostClaim[]): Admission {
  const heldInPools = new Map<string, string[]>();
  const runsOn = new Map<string, number>();
  for (const { members, servers } of claims) {
    for (const { pool, member } of members)
      heldInPools.set(pool, [...(heldInPools.get(pool) ?? []), member]);
    for (const server of servers) runsOn.set(server, (runsOn.get(server) ?? 0) + 1);
  }
  return { claimed: new Set(claims.map((c) => c.host)), heldInPools, runsOn };
}

/** Two deployments on the same hosts and pools, each seeing what the other holds, as their locks make sure. */
function twoOnOneFleet(hosts: number, minPercent: number): readonly [World, World] {
  const options = {
    hosts,
    servers: [{ server: 'puppet.lab', maxConcurrentRuns: 2 }],
    strategy: { minPercent, maxOutOfService: 3, maxUnavailablePercent: 100 },
  };
  const one = new World(options);
  const two = new World(options, DeploymentId.parse('0192f5a0-0000-7000-8000-000000000002'));
  Object.assign(two, { fleet: one.fleet });
  one.request();
  two.request();
  return [one, two];
}

describe('two deployments that share hosts, pools and a Puppet server', () => {
  it('never own one host both, never take a pool below its minimum, and both come to their end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.constantFrom(0, 34, 50),
        fc.array(fc.boolean(), { minLength: 50, maxLength: 200, size: 'max' }),
        (hosts, minPercent, turns) => {
          const [one, two] = twoOnOneFleet(hosts, minPercent);
          const step = (world: World, other: World): void => {
            world.nowMs = Math.max(world.nowMs, other.nowMs);
            world.admission = admissionOf(claimsOfDeployment(other.state));
            world.step();
            const owned = [one, two].flatMap((w) => claimsOfDeployment(w.state).map((c) => c.host));
            expect(new Set(owned).size).toBe(owned.length);
            expect(owned.length).toBeLessThanOrEqual(2);
          };
          for (const first of turns) step(first ? one : two, first ? two : one);
          for (let i = 0; i < 2_000 && !(one.ended && two.ended); i++) {
            step(one, two);
            step(two, one);
          }
          expect([one.ended, two.ended]).toEqual([true, true]);
          expect(one.fleet.shortages).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('F-101 takes no host for out on the word of a reading while the other works in its pool', () => {
    // The reading is from a time when the other still had web1 out; by now web1 is back and the other has taken web2.
    const world = new World({
      hosts: 3,
      scripts: { 'web1.lab': { startsOut: true } },
      strategy: { minPercent: 50, maxOutOfService: 3, maxUnavailablePercent: 100 },
    });
    world.admission = admissionOf([
      {
        host: 'web2.lab',
        epoch: 1,
        members: [{ pool: 'shop', member: 'web2.lab' }],
        servers: [],
      },
    ]);
    world.request();
    world.until(() => world.state.status === 'running');
    for (let i = 0; i < 20; i++) world.step();
    expect(world.of('lb.drain.requested').map(({ data }) => data.host)).toEqual([]);
    world.admission = admissionOf([]);
    world.until(() => world.count('lb.drain.requested') > 0);
    expect(world.of('lb.drain.requested')[0]?.data.host).toBe('web1.lab');
  });

  it('F-101 is no failure that the other works on a host when this one ends', () => {
    const world = new World({ hosts: 3, strategy: { minPercent: 0 } });
    world.request();
    world.until(() => world.state.status === 'verifying');
    world.admission = admissionOf([
      { host: 'web1.lab', epoch: 1, members: [{ pool: 'shop', member: 'web1.lab' }], servers: [] },
    ]);
    for (const members of world.fleet.inService.values()) members.delete('web1.lab');
    expect(world.settle()).toBe('succeeded');
    expect(world.open).toEqual([]);
  });
});
