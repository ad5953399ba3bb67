import {
  NEXT_EVR,
  type GateAnswer,
  type Happening,
  type Scenario,
  type SimPipeline,
  type SimStage,
} from './scenario.js';

const STAGING: SimStage = {
  environment: 'staging',
  hosts: ['stage1.sim', 'stage2.sim'],
  before: ['smoke'],
  after: ['suite'],
};
/** A stage that some pipelines have between the two. */
export const ACCEPTANCE: SimStage = {
  environment: 'acceptance',
  hosts: ['accept1.sim', 'accept2.sim'],
  after: ['sanity'],
};
const PRODUCTION: SimStage = {
  environment: 'production',
  hosts: ['web1.sim', 'web2.sim', 'web3.sim'],
  before: ['ready'],
  after: ['alive'],
  watch: ['errors'],
  watchEveryMs: 5_000,
};

/** What of a pipeline is not as usual. */
interface Way {
  readonly answers: SimPipeline['answers'];
  readonly production: Partial<SimStage>;
  readonly between: readonly SimStage[];
}

/** Two hosts in staging and three in production, gates before and after each, and one that watches production; the build is seen after two seconds. */
export function twoStages(
  seed: string,
  happenings: readonly Happening[] = [],
  { answers = {}, production = {}, between = [] }: Partial<Way> = {},
): Scenario {
  const stages = [STAGING, ...between, { ...PRODUCTION, ...production }];
  return {
    seed,
    hosts: stages.flatMap(({ hosts }) => hosts),
    foreign: [],
    pools: stages.map(({ environment }) => environment),
    applications: [
      {
        name: 'shop',
        good: true,
        strategy: { canary: { hosts: 1 }, maxUnavailablePercent: 50, minPercent: 50 },
      },
    ],
    pipeline: { stages, answers },
    runs: {},
    happenings: [build(2_000), ...happenings],
  };
}

export const build = (atMs: number, evr = NEXT_EVR): Happening => ({
  atMs,
  kind: 'build',
  application: 'shop',
  evr,
});

export const PASS: GateAnswer = { verdict: 'pass' };
export const FAIL: GateAnswer = { verdict: 'fail' };
