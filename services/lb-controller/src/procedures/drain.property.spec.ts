import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drainOf, fakeSetup, placeOf } from '../../test/fake-setup.js';
import { DrainProcedure } from './drain.procedure.js';

const MEMBERS = ['web1', 'web2', 'web3', 'web4', 'web5'];

/** Delays that a device answers with, repeated without end. */
const latencies = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 40 });

describe('drains by any number of replicas at the same time', () => {
  it('leave every pool its minimum, and everybody who failed in service', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(MEMBERS, { minLength: 2 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        latencies,
        async (hosts, minInService, replicas, delays) => {
          let turn = 0;
          const { device, tools } = fakeSetup({
            pools: { web: MEMBERS, api: MEMBERS },
            latencyMs: () => delays[turn++ % delays.length] ?? 0,
          });
          const procedures = Array.from({ length: replicas }, () => new DrainProcedure(tools));
          const outcomes = await Promise.all(
            hosts.map((host, at) => {
              const pools = at % 2 === 0 ? ['web', 'api'] : ['api', 'web'];
              const memberships = pools.map((pool) => placeOf(host, pool, minInService));
              const request = drainOf(host, { memberships });
              return procedures[at % replicas]!.run(request, () => true);
            }),
          );
          for (const pool of ['web', 'api']) {
            const { members } = await device.readPool(pool);
            expect(members.filter(({ inService }) => inService).length).toBeGreaterThanOrEqual(
              minInService,
            );
            hosts.forEach((host, at) => {
              const { admin } = members.find(({ member }) => member === host)!;
              expect(admin).toBe(outcomes[at]?.outcome === 'drained' ? 'off' : 'in');
            });
          }
          for (const outcome of outcomes) {
            if (outcome.outcome === 'failed')
              expect(outcome).toMatchObject({ failure: { kind: 'capacity' }, restored: true });
          }
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  it('never refuse a host that there is room for when it is alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), latencies, async (minInService, delays) => {
        let turn = 0;
        const latencyMs = () => delays[turn++ % delays.length] ?? 0;
        const { tools } = fakeSetup({ pools: { web: MEMBERS }, latencyMs });
        const memberships = [placeOf('web1', 'web', minInService)];
        const ended = await new DrainProcedure(tools).run(
          drainOf('web1', { memberships }),
          () => true,
        );
        expect(ended.outcome).toBe('drained');
      }),
      { numRuns: 30 },
    );
  });
});
