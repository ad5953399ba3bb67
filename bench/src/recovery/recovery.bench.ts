import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, BenchOptions } from '../bench.js';
import { FleetUnderTest } from '../fleet/fleet-under-test.js';
import type { Row } from '../measure/compare.js';
import { percentile } from '../measure/statistics.js';
import { StepWatch } from './step-watch.js';

const KILLS_A_ROUND = 10;
/** A host's turn takes about this long here: the kill falls anywhere in it. */
const TURN_MS = 1_000;

/** How long a deployment stands still when its orchestrator is killed with -9 and started again. */
export const recoveryBench: Bench = {
  name: 'recovery',
  title: 'Recovery: kill -9 of the only orchestrator, from its start to the next step',
  async run(options) {
    const fleet = await FleetUnderTest.start(options.tell, 'played');
    const steps = new StepWatch(fleet.installation.client);
    try {
      return rowsOf(await kills(fleet, steps, options));
    } finally {
      await steps.stop();
      await fleet.installation.stop();
      await fleet.lab.stop();
    }
  },
};

async function kills(
  fleet: FleetUnderTest,
  steps: StepWatch,
  { rounds, tell }: BenchOptions,
): Promise<readonly number[]> {
  const took: number[] = [];
  while (took.length < rounds * KILLS_A_ROUND) {
    const version = fleet.otherVersion();
    const deployed = fleet.deploy(version);
    // One kill for each of two hosts; the others' turns go on in peace.
    for (let kill = 0; kill < 2; kill += 1) {
      await steps.next('lb.drain.requested', steps.count);
      await delay(Math.random() * TURN_MS);
      took.push(await recovery(fleet, steps));
    }
    await deployed;
    await fleet.isAt(version);
    tell(`${took.length} kills`);
  }
  return took;
}

async function recovery({ installation }: FleetUnderTest, steps: StepWatch): Promise<number> {
  const orchestrator = installation.service('orchestrator');
  await orchestrator.kill9();
  const before = steps.count;
  const startedAt = performance.now();
  await orchestrator.up();
  return (await steps.firstAfter(before)) - startedAt;
}

function rowsOf(took: readonly number[]): readonly Row[] {
  return ([0.5, 0.95, 1] as const).map((p) => ({
    what: p === 1 ? 'longest' : `p${p * 100}`,
    who: `Gantry, ${took.length} kills`,
    figure: percentile(took, p) / 1_000,
    unit: 's',
    spread: [Math.min(...took) / 1_000, Math.max(...took) / 1_000],
    ...(p === 0.95 ? { goal: { atMost: 15, of: 'figure' as const } } : {}),
  }));
}
