import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeploymentStatus } from '@gantry/contracts';
import { chaos, play } from '../../test/chaos.js';
import { World, type Action, type WorldOptions } from '../../test/world.js';
import {
  evolve,
  initialDeployment,
  isTerminal,
  TRANSITIONS,
  type DeploymentState,
} from '../index.js';

type Edge = `${string} -> ${string}`;

/** Every change of status in a recorded deployment. */
function edgesOf(facts: World['facts']): Set<Edge> {
  const edges = new Set<Edge>();
  let state: DeploymentState = initialDeployment;
  for (const fact of facts) {
    const next = evolve(state, fact);
    if (state.status !== 'none' && next.status !== state.status)
      edges.add(`${state.status} -> ${next.status}`);
    state = next;
  }
  return edges;
}

const inTable: readonly Edge[] = Object.entries(TRANSITIONS).flatMap(([from, next]) =>
  next.map((to): Edge => `${from} -> ${to}`),
);

/** Statuses of later times. */
const NOT_YET: readonly DeploymentStatus[] = ['waiting'];

function played(options: WorldOptions, ...wishes: readonly (readonly [string, Action])[]): World {
  const world = new World(options);
  world.request();
  for (const [status, action] of wishes) {
    world.until(() => world.state.status === status && (action !== 'rollback' || touched(world)));
    world.command(action);
  }
  world.settle();
  return world;
}

const touched = (world: World): boolean => world.count('puppet.publish.requested') > 0;

/** Waits for one approval; this happens to it meanwhile. */
function asked(then: (world: World) => void): World {
  const world = new World({ approval: {} });
  world.request();
  world.until(() => world.state.status === 'awaiting-approval');
  then(world);
  world.settle();
  return world;
}

/** A newer build sets out before there is a plan. */
function overtaken(): World {
  const world = new World({ approval: {} });
  world.request();
  world.withdraw('superseded');
  return world;
}

const SCENARIOS: readonly World[] = [
  asked((world) => world.approval('approve', 'bob')),
  asked((world) => world.approval('reject', 'bob')),
  asked((world) => world.command('cancel')),
  asked(() => undefined),
  asked((world) => world.withdraw('superseded')),
  overtaken(),

  played({}),
  played({ from: '1.1.0-1' }),
  played({}, ['requested', 'cancel']),
  played({}, ['running', 'pause'], ['paused', 'resume']),
  played({}, ['running', 'cancel']),
  played({}, ['running', 'rollback']),
  played({}, ['running', 'pause'], ['paused', 'cancel']),
  played({}, ['running', 'pause'], ['paused', 'rollback']),
  played({}, ['verifying', 'cancel']),
  played({}, ['verifying', 'rollback']),
  played({ scripts: { 'web1.lab': { healthyBack: false } } }, ['verifying', 'rollback']),
  played({ scripts: { 'web2.lab': { runs: ['disabled'] } }, strategy: { failureBudget: 1 } }),
  played({
    hosts: 2,
    strategy: { failureBudget: 2 },
    scripts: { 'web1.lab': { runs: ['disabled'] }, 'web2.lab': { runs: ['disabled'] } },
  }),
];

describe('the table of transitions', () => {
  it('has no edge that cannot be gone', () => {
    const gone = new Set(SCENARIOS.flatMap((world) => [...edgesOf(world.facts)]));
    expect(inTable.filter((edge) => !gone.has(edge))).toEqual([]);
  });

  it('has every edge that is gone, whatever happens', () => {
    fc.assert(
      fc.property(chaos({ guarded: true }), (c) => {
        for (const edge of edgesOf(play(c).facts)) expect(inTable).toContain(edge);
      }),
      { numRuns: 40 },
    );
  });

  it('leads to every status there is by now', () => {
    const reached = new Set(Object.values(TRANSITIONS).flat());
    const missing = Object.keys(TRANSITIONS).filter((s) => !reached.has(s as DeploymentStatus));
    expect(missing.sort()).toEqual([...NOT_YET, 'requested'].sort());
  });

  it('ends exactly in the terminal statuses', () => {
    for (const [status, next] of Object.entries(TRANSITIONS)) {
      if (NOT_YET.includes(status as DeploymentStatus)) continue;
      expect([status, next.length === 0]).toEqual([status, isTerminal(status as DeploymentStatus)]);
    }
  });
});
