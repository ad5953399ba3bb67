import { isActive } from '@gantry/domain';
import { Violation, type Sometimes } from '@gantry/testing/sim';
import { logTo } from '../../services/puppet-listener/src/host/log.js';
import { befall } from './befall.js';
import type { Check } from './checks/check.js';
import { AskedForCheck } from './checks/device-checks.js';
import { ownershipCheck, replayCheck, StreamCheck, zombieCheck } from './checks/log-checks.js';
import { restCheck } from './checks/rest-check.js';
import { CapacityCheck, OwnedOrToldCheck, RunCheck } from './checks/world-checks.js';
import { governingChecks, releaseChecks } from './checks/release-checks.js';
import { countBranches } from './count-branches.js';
import { install } from './installation.js';
import { People } from './people.js';
import type { Scenario } from './scenario.js';
import type { Branch } from './world/branches.js';
import { World } from './world/world.js';

/** How a play went. */
export interface Played {
  readonly world: World;
  readonly people: People;
  readonly violation: Violation | undefined;
  readonly branches: Sometimes<Branch>;
}

/** For specs: what to do to the world before it begins. A bug that a check must find is planted here. */
export interface PlayOptions {
  readonly prepare?: (world: World) => void;
  readonly checks?: readonly Check[];
}

const CARE_MS = 45_000;
const SETTLE_MS = 180_000;
const LONGEST_MS = 6 * 3_600_000;
const MAX_STEPS = 150_000;

/** What must hold in every play. */
const checksFor = (scenario: Scenario): readonly Check[] => [
  new StreamCheck(),
  ownershipCheck,
  zombieCheck,
  new CapacityCheck(scenario),
  new OwnedOrToldCheck(),
  new AskedForCheck(),
  new RunCheck(),
  restCheck,
  ...(scenario.pipeline === undefined ? [] : releaseChecks(scenario)),
  ...governingChecks(scenario),
  replayCheck,
];

/** Plays a scenario: everything befalls the world at its time, then all goes well until nothing is left to do. */
export async function play(scenario: Scenario, options: PlayOptions = {}): Promise<Played> {
  logTo(() => undefined);
  const world = new World(scenario);
  const people = new People(world);
  const checks = options.checks ?? checksFor(scenario);
  let violation: Violation | undefined;
  try {
    await install(world);
    options.prepare?.(world);
    await run(world, people, checks);
    for (const check of checks) await check.atRest?.(world);
  } catch (error) {
    if (!(error instanceof Violation))
      throw new Error(`${scenario.seed}: ${String(error)}`, { cause: error });
    violation = error;
  }
  countBranches(world);
  return { world, people, violation, branches: world.branches };
}

async function run(world: World, people: People, checks: readonly Check[]): Promise<void> {
  const { sim, scenario } = world;
  const lastMs = Math.max(0, ...scenario.happenings.map(endOf));
  for (const happening of scenario.happenings)
    sim.after(happening.atMs, () => befall(world, people, happening));
  let restMs = Infinity;
  const resumed = new Map<string, number>();
  const care = (): void => {
    people.tidyUp(resumed);
    const { deployments, releases } = world.chronicle;
    const goesOn =
      [...deployments.values()].some(isActive) ||
      [...releases.values()].some(({ status }) => status === 'travelling');
    if (goesOn) restMs = Infinity;
    else if (restMs === Infinity) restMs = sim.elapsedMs + SETTLE_MS;
    sim.after(CARE_MS, care);
  };
  sim.after(lastMs + 1_000, () => {
    sim.trace.note('simulation', 'from now on everything goes well');
    world.calm();
    care();
  });
  while (sim.elapsedMs < restMs && sim.elapsedMs < LONGEST_MS && sim.steps < MAX_STEPS) {
    if (!(await sim.step())) return;
    await world.readNews();
    world.look();
    for (const check of checks) check.afterStep?.(world);
  }
}

const endOf = (happening: Scenario['happenings'][number]): number => {
  const forMs = 'forMs' in happening ? happening.forMs : 0;
  const downMs = 'downMs' in happening ? happening.downMs : 0;
  return happening.atMs + forMs + downMs;
};
