import { describe, expect, it } from '@jest/globals';
import { Evr } from '@gantry/contracts';
import fc from 'fast-check';
import { NEWER, RELEASE, ReleaseWorld, stage } from '../../test/release-world.js';
import { evolveRelease } from './evolve.js';
import type { ReleaseFact } from './facts.js';
import type { ReleaseEvent } from './input.js';
import { initialRelease, type ReleaseState } from './state.js';

const ENDS = ['release.succeeded', 'release.failed', 'release.stopped', 'release.superseded'];

const gates = fc.uniqueArray(fc.constantFrom('smoke', 'unit', 'ask-boss'), { maxLength: 2 });
const stages = fc.array(
  fc.record({
    before: gates,
    after: gates,
    soakMs: fc.constantFrom(0, 60_000),
    skipped: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

const verdict = fc.constantFrom(
  'pass' as const,
  'pass' as const,
  'fail' as const,
  'inconclusive' as const,
);
const outcome = fc.constantFrom('succeeded', 'succeeded', 'succeeded', 'busy', 'failed');
const move = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('gate' as const), nth: fc.nat(3), verdict }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('end' as const), nth: fc.nat(3), outcome }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('old gate' as const), nth: fc.nat(9), verdict }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('newer' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('person' as const),
      type: fc.constantFrom('stop', 'pause', 'resume', 'resume', 'answer-gate', 'answer-gate'),
      how: fc.constantFrom('again', 'accept'),
      verdict: fc.constantFrom('pass', 'fail'),
    }),
  },
);
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

const nthOf = <T>(items: readonly T[], nth: number): T | undefined =>
  items[nth % Math.max(1, items.length)];

function make(world: ReleaseWorld, step: Move): void {
  switch (step.kind) {
    case 'gate':
      answered(world, nthOf(world.openGates, step.nth), step.verdict);
      break;
    case 'end':
      for (const id of world.openDeployments.slice(step.nth, step.nth + 1))
        world.ends(id, step.outcome);
      break;
    case 'wait':
      world.wait();
      break;
    case 'old gate':
      answered(world, nthOf(world.of('gate.requested'), step.nth)?.gateRunId, step.verdict);
      break;
    case 'hold':
      world.sight = { ...world.sight, hold: step.on ? FROZEN : undefined };
      break;
    case 'newer':
      world.sight = { ...world.sight, newer: { by: NEWER, evr: Evr.parse('1.3.0-1') } };
      break;
    case 'person':
      told(world, step);
      break;
  }
}

const FROZEN = { rule: 'freeze', detail: 'year end' } as const;

function answered(
  world: ReleaseWorld,
  gateRunId: string | undefined,
  verdict: 'pass' | 'fail' | 'inconclusive',
): void {
  if (gateRunId !== undefined) world.gate(gateRunId, verdict);
}

function told(
  world: ReleaseWorld,
  { type, how, verdict }: Extract<Move, { kind: 'person' }>,
): void {
  const data = { releaseId: RELEASE, reason: 'x', how, gate: 'ask-boss', verdict };
  world.give({ type: `release.${type}`, data } as unknown as ReleaseEvent);
}

/** A stage's deployments are asked for only when nothing holds it, nobody paused it, and none is under way. */
function play(world: ReleaseWorld, step: Move): void {
  const { state } = world;
  const before = world.of('release.deployment-requested').length;
  const busy = world.openDeployments.length > 0;
  const paused = state.status === 'travelling' && state.pause !== undefined;
  make(world, step);
  if (world.of('release.deployment-requested').length === before) return;
  expect({ held: world.sight.hold, two: busy && world.openDeployments.length > 1 }).toEqual({
    held: undefined,
    two: false,
  });
  if (paused) expect(step.kind).toBe('person');
}

/** Every gate before the stage has passed, or was taken as passed by a person, when its deployment is asked for. */
function gatesHeld({ facts }: ReleaseWorld): void {
  const [created] = facts.flatMap((f) => (f.type === 'release.created' ? [f.data] : []));
  for (const [index, fact] of facts.entries()) {
    if (fact.type !== 'release.deployment-requested') continue;
    const { stage: now } = fact.data;
    const since = facts.findLastIndex(
      (f, n) => n < index && f.type === 'release.stage-entered' && f.data.stage === now,
    );
    const here = facts.slice(since, index);
    for (const { name } of created?.stages[now]?.before ?? [])
      expect({ name, open: !letThrough(here, name) }).toEqual({ name, open: false });
  }
}

function letThrough(here: readonly ReleaseFact[], gate: string): boolean {
  const verdict = here
    .flatMap((f) => (f.type === 'release.gate-finished' && f.data.gate === gate ? [f.data] : []))
    .at(-1)?.verdict;
  const accepted = here.some((f) => f.type === 'release.resumed' && f.data.how === 'accept');
  return verdict === 'pass' || (verdict === 'inconclusive' && accepted);
}

describe('a release, whatever happens in whatever order', () => {
  it('ends at most once, deploys only what its gates let through, never when held, and folds to the same', () => {
    fc.assert(
      fc.property(stages, fc.array(move, { maxLength: 60 }), (shape, moves) => {
        const world = new ReleaseWorld();
        world.create(...shape.map((s, n) => stage(`env-${n}`, s)));
        for (const step of moves) play(world, step);
        const ends = world.facts.filter((f) => ENDS.includes(f.type));
        expect(ends.length).toBeLessThanOrEqual(1);
        if (ends.length === 1) expect(world.facts.at(-1)).toBe(ends[0]);
        gatesHeld(world);
        const ids = world.of('release.deployment-requested').map((d) => d.deploymentId);
        expect(new Set(ids).size).toBe(ids.length);
        const folded = world.facts.reduce<ReleaseState>(evolveRelease, initialRelease);
        expect(folded).toEqual(world.state);
      }),
      { numRuns: 1_000 },
    );
  });

  it('comes to its end when nothing holds it and everything answers well', () => {
    fc.assert(
      fc.property(stages, fc.array(move, { maxLength: 20 }), (shape, moves) => {
        const world = new ReleaseWorld();
        world.create(...shape.map((s, n) => stage(`env-${n}`, s)));
        for (const step of moves) play(world, step);
        world.sight = { ...world.sight, hold: undefined };
        for (let n = 0; n < 400 && world.state.status === 'travelling'; n++) {
          const person = (type: string) =>
            play(world, { kind: 'person', type, how: 'accept', verdict: 'pass' } as Move);
          if (world.state.pause !== undefined) person('resume');
          for (const run of world.openGates) world.gate(run, 'pass');
          person('answer-gate');
          for (const id of world.openDeployments) world.ends(id, 'succeeded');
          world.wait();
        }
        expect(world.state.status).not.toBe('travelling');
      }),
      { numRuns: 500 },
    );
  });
});
