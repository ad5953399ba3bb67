import { shrink } from '@gantry/testing/sim';
import { play, type PlayOptions } from './play.js';
import type { Scenario } from './scenario.js';

const SHOWN = 400;

/** What a person needs of a failing seed: the shortest list of happenings that still breaks the same invariant, and what happened then. */
export async function failingStory(
  scenario: Scenario,
  invariant: string,
  options: PlayOptions = {},
): Promise<string> {
  const happenings = await shrink(scenario.happenings, async (shorter) => {
    const { violation } = await play({ ...scenario, happenings: shorter }, options);
    return violation?.invariant === invariant;
  });
  const { world, violation } = await play({ ...scenario, happenings }, options);
  const { seed, hosts, foreign, pools, applications, runs } = scenario;
  return [
    `seed ${seed}: ${violation?.message ?? 'no violation'}`,
    `again: GANTRY_SIM_SEED=${seed} ./gantry test sim`,
    `fleet: ${JSON.stringify({ hosts, foreign, pools, applications, runs })}`,
    `what befell it (${happenings.length} of ${scenario.happenings.length} happenings are enough):`,
    ...happenings.map((happening) => `  ${JSON.stringify(happening)}`),
    'what happened:',
    world.sim.trace.story(SHOWN),
  ].join('\n');
}
