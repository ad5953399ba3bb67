import { Sometimes } from '@gantry/testing/sim';
import { failingStory } from './failing-story.js';
import { play } from './play.js';
import { randomPipeline } from './random-pipeline.js';
import { randomScenario } from './random-scenario.js';
import type { Scenario } from './scenario.js';
import { BRANCHES, type Branch } from './world/branches.js';

/** What came of many seeds. */
export interface SeedsPlayed {
  readonly played: number;
  readonly branches: Sometimes<Branch>;
  /** Stories of the first seeds that failed, and how many did. */
  readonly stories: readonly string[];
  readonly failed: readonly string[];
}

const TOLD = 3;
/** Every so many seeds a build travels. */
const PIPELINE_EVERY = 5;

const scenarioOf = (seed: number): Scenario =>
  (seed % PIPELINE_EVERY === 0 ? randomPipeline : randomScenario)(String(seed));

/** Plays seeds `from`, `from + every`, ... below `upTo`. */
export async function playSeeds(from: number, upTo: number, every = 1): Promise<SeedsPlayed> {
  const branches = new Sometimes<Branch>(BRANCHES);
  const stories: string[] = [];
  const failed: string[] = [];
  let played = 0;
  for (let seed = from; seed < upTo; seed += every) {
    const scenario = scenarioOf(seed);
    const { violation, branches: taken } = await play(scenario);
    branches.add(taken);
    played += 1;
    if (violation === undefined) continue;
    failed.push(`seed ${seed}: ${violation.message}`);
    if (stories.length < TOLD) stories.push(await failingStory(scenario, violation.invariant));
  }
  return { played, branches, stories, failed };
}
