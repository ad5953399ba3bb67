import { Random } from '@gantry/testing/sim';
import { ACCEPTANCE, build, PASS, twoStages } from './pipelines.js';
import { application, fault, many, wish } from './random-scenario.js';
import {
  NEWER_EVR,
  NEXT_EVR,
  type GateAnswer,
  type Happening,
  type Scenario,
  type SimApplication,
} from './scenario.js';

/** One seed, one build on its way through two or three stages, and whatever befalls it. */
export function randomPipeline(seed: string): Scenario {
  const random = new Random(`pipeline ${seed}`);
  const gates = ['smoke', 'suite', 'sanity', 'ready', 'alive', 'errors'];
  const plain = twoStages(seed, [], {
    answers: Object.fromEntries(gates.map((gate) => [gate, answersOf(random)])),
    between: random.chance(0.3) ? [ACCEPTANCE] : [],
    production: {
      start: random.pick(['automatic', 'automatic', 'approval']),
      ...(random.chance(0.3) ? { closed: closedMinutes(random) } : {}),
    },
  });
  const happenings = [
    ...plain.happenings,
    ...many(random, 0, 1, () => build(random.between(2_000, 200_000), NEWER_EVR)),
    ...(random.chance(0.1) ? goesAway(random) : []),
    ...(random.chance(0.3) ? stoppedLine(random) : []),
    ...many(random, 0, 2, () => wish(random)),
    ...many(random, 0, 5, () => fault(random, plain)),
    ...many(random, 0, 1, () => verifierDies(random)),
  ];
  return {
    ...plain,
    applications: [shop(random)],
    happenings: happenings.sort((a, b) => a.atMs - b.atMs),
  };
}

/** Pools of two and three hosts must be able to spare one. */
function shop(random: Random): SimApplication {
  const any = application('shop', random);
  const { minPercent, maxUnavailablePercent } = any.strategy;
  return {
    ...any,
    strategy: {
      ...any.strategy,
      minPercent: Math.min(50, Number(minPercent)),
      maxUnavailablePercent: Math.max(50, Number(maxUnavailablePercent)),
    },
    ...(random.chance(0.2) ? { approval: { quorum: 2, expiresAfterMs: 900_000 } } : {}),
  };
}

/** A few minutes in which no change may begin. */
function closedMinutes(random: Random): readonly [number, number] {
  const from = random.between(0, 6);
  return [from, from + random.between(1, 4)];
}

/** The build is not in the repository for a while. */
function goesAway(random: Random): readonly Happening[] {
  const atMs = random.between(5_000, 200_000);
  return [
    { atMs, kind: 'build-gone', application: 'shop', evr: NEXT_EVR },
    build(atMs + random.between(10_000, 60_000)),
  ];
}

const answersOf = (random: Random): readonly GateAnswer[] => [
  ...many(random, 0, 3, () => ({
    verdict: random.chance(0.95) ? PASS.verdict : random.pick(['fail', 'inconclusive'] as const),
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
