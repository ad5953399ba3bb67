import type { Bench, BenchOptions } from '../bench.js';
import { alternate } from '../measure/alternate.js';
import { compare, type Row } from '../measure/compare.js';
import { percentile } from '../measure/statistics.js';
import { FleetUnderTest } from './fleet-under-test.js';
import { refreshAll, runByHand } from './refresh.js';
import { residentMb } from './resident-memory.js';

/** What Gantry adds to the work itself: on the hosts, to a run, to a deployment. */
export const fleetBench: Bench = {
  name: 'fleet',
  title: 'Fleet: what Gantry adds to the work itself, four hosts',
  async run(options) {
    const fleet = await FleetUnderTest.start(options.tell);
    try {
      const atStart = await listeners(fleet);
      const shares = await machineShare(fleet, options);
      const runs = await triggered(fleet, options);
      const afterRuns = await listeners(fleet);
      return [
        ...shares,
        ...runs,
        memoryRow('after its start', atStart),
        memoryRow('after the runs', afterRuns),
      ];
    } finally {
      await fleet.lab.stop();
    }
  },
};

/** All wall time of a host's turn that is neither drain wait nor Puppet run nor health wait. */
async function machineShare(fleet: FleetUnderTest, options: BenchOptions): Promise<readonly Row[]> {
  const shares: number[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const version = fleet.otherVersion();
    options.tell(`deployment of ${version}`);
    const view = await fleet.deploy(version);
    await fleet.isAt(version);
    shares.push(...view.progress.flatMap(({ timings }) => (timings ? [timings.machineMs] : [])));
  }
  const goal = { atMost: 500, of: 'figure' } as const;
  return ([0.5, 0.95] as const).map((p) => ({
    what: `machine share of a host's turn, p${p * 100}`,
    who: `Gantry, ${shares.length} hosts`,
    figure: percentile(shares, p),
    unit: 'ms',
    spread: [Math.min(...shares), Math.max(...shares)],
    ...(p === 0.95 ? { goal } : {}),
  }));
}

async function triggered(fleet: FleetUnderTest, options: BenchOptions): Promise<readonly Row[]> {
  options.tell('Puppet on all hosts at once, through Gantry and by hand');
  const byHand = 'started by hand';
  await runByHand(fleet.lab);
  const rounds = await alternate(
    [
      { name: 'Gantry refresh', measure: () => refreshAll(fleet) },
      { name: byHand, measure: () => runByHand(fleet.lab) },
    ],
    options.rounds,
  );
  return compare(rounds, {
    what: 'Puppet on 4 hosts at once, to the last verdict',
    unit: 's',
    subject: 'Gantry refresh',
    goals: { [byHand]: { atMost: 1.15, of: 'ratio' } },
  });
}

function listeners({ lab, installation }: FleetUnderTest): Promise<readonly number[]> {
  return Promise.all(lab.hosts.map(({ name }) => residentMb(installation.listener(name).pid)));
}

function memoryRow(when: string, all: readonly number[]): Row {
  const figure = Math.max(...all);
  return {
    what: `listener's resident memory ${when}, the largest`,
    who: 'Gantry',
    figure,
    unit: 'MB',
    spread: [Math.min(...all), figure],
    goal: { atMost: 60, of: 'figure' },
  };
}
