import { Random } from '@gantry/testing/sim';
import { build, PASS, twoStages } from './pipelines.js';
import { application, fault, many, wish } from './random-scenario.js';
import { NEWER_EVR, type GateAnswer, type Happening, type Scenario } from './scenario.js';

/** One seed, one build on its way through two stages, and whatever befalls it. */
export function randomPipeline(seed: string): Scenario {
  const random = new Random(`pipeline ${seed}`);
  const gates = ['smoke', 'suite', 'ready', 'alive', 'errors'];
  const plain = twoStages(seed, [], {
    answers: Object.fromEntries(gates.map((gate) => [gate, answersOf(random)])),
    production: { start: random.pick(['automatic', 'automatic', 'approval']) },
  });
  const happenings = [
    ...plain.happenings,
    ...many(random, 0, 1, () => build(random.between(2_000, 200_000), NEWER_EVR)),
    ...(random.chance(0.3) ? stoppedLine(random) : []),
    ...many(random, 0, 2, () => wish(random)),
    ...many(random, 0, 5, () => fault(random, plain)),
    ...many(random, 0, 1, () => verifierDies(random)),
  ];
  return {
    ...plain,
    applications: [application('shop', random)],
    happenings: happenings.sort((a, b) => a.atMs - b.atMs),
  };
}

const answersOf = (random: Random): readonly GateAnswer[] => [
  ...many(random, 0, 3, () => ({
    verdict: random.chance(0.9) ? PASS.verdict : random.pick(['fail', 'inconclusive'] as const),
    afterMs: random.pick([500, 2_000, 12_000, 40_000]),
    untold: random.pick([0, 0, 0, 1, 3]),
  })),
  { verdict: 'pass' },
];

function stoppedLine(random: Random): readonly Happening[] {
  const atMs = random.between(2_000, 200_000);
  return [
    { atMs, kind: 'stop-line' },
    { atMs: atMs + random.between(1_000, 90_000), kind: 'lift-line' },
  ];
}

const verifierDies = (random: Random): Happening => ({
  atMs: random.between(2_000, 200_000),
  kind: 'kill',
  process: 'verifier-1',
  downMs: random.between(500, 40_000),
});
