import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chaos, play } from '../../test/chaos.js';
import { checkEnd } from '../../test/trace-checks.js';
import { World } from '../../test/world.js';
import { evolve, initialDeployment, type DeploymentState } from '../index.js';

const RUNS = Number(process.env['GANTRY_PROPERTY_RUNS'] ?? 150);

describe('whatever happens, in whatever order, twice or never', () => {
  it('keeps the invariants and comes to one end, when only the decider looks after capacity', () => {
    fc.assert(
      fc.property(chaos({ guarded: false }), (c) => checkEnd(play(c))),
      { numRuns: RUNS },
    );
  });

  it('keeps the invariants and comes to one end, when members of others come and go', () => {
    fc.assert(
      fc.property(chaos({ guarded: true }), (c) => checkEnd(play(c))),
      { numRuns: RUNS },
    );
  });

  it('replays a prefix and then the rest to what replaying all gives', () => {
    fc.assert(
      fc.property(chaos({ guarded: true }), fc.nat(500), (c, cut) => {
        const { facts, state } = play(c);
        const prefix = facts.slice(0, cut).reduce<DeploymentState>(evolve, initialDeployment);
        const stored = JSON.parse(JSON.stringify(facts.slice(cut))) as typeof facts;
        expect(JSON.stringify(stored.reduce<DeploymentState>(evolve, prefix))).toBe(
          JSON.stringify(state),
        );
      }),
      { numRuns: Math.ceil(RUNS / 5) },
    );
  });

  it('has a state for facts in any order', () => {
    const facts = ['web1.lab', 'web2.lab'].flatMap((bad) => {
      const world = new World({ scripts: { [bad]: { healthy: false } } });
      world.request();
      world.settle();
      world.command('rollback');
      world.settle();
      return world.facts;
    });
    fc.assert(
      fc.property(fc.shuffledSubarray(facts), ([...some]) => {
        const begun = some.reduce<DeploymentState>(evolve, initialDeployment);
        expect(typeof begun.status).toBe('string');
      }),
      { numRuns: 300 },
    );
  });
});
