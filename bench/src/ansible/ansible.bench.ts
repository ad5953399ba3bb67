import { access } from 'node:fs/promises';
import { SHOP_POOL, startTraffic, type TrafficReport } from '@gantry/lab';
import type { Bench, BenchOptions } from '../bench.js';
import { FleetUnderTest, TWO_OUT, VERSIONS, type Version } from '../fleet/fleet-under-test.js';
import { alternate } from '../measure/alternate.js';
import { compare, type Row } from '../measure/compare.js';
import { runPlaybook } from './run-playbook.js';

const GANTRY = 'Gantry';
const SLOW_BY_S = 8;

/** Whole deployments of four hosts under traffic, beside a playbook, on one fleet. */
export const ansibleBench: Bench = {
  name: 'ansible',
  title: 'A deployment of four hosts under traffic, beside an Ansible playbook',
  async run(options) {
    await access('/usr/bin/ansible-playbook').catch((cause: unknown) => {
      throw new Error('There is no ansible-playbook: apt-get install ansible', { cause });
    });
    const fleet = await FleetUnderTest.start(options.tell);
    try {
      const one = await beside(
        fleet,
        { serial: 1, goal: 0.85, what: 'one host out at a time' },
        options,
      );
      await fleet.useSettings(TWO_OUT);
      await slowDown(fleet);
      const what = `two hosts out, one of four slow by ${SLOW_BY_S} s`;
      return [...one, ...(await beside(fleet, { serial: 2, goal: 0.8, what }, options))];
    } finally {
      await fleet.lab.stop();
    }
  },
};

interface Case {
  readonly what: string;
  readonly serial: number;
  readonly goal: number;
}

async function beside(
  fleet: FleetUnderTest,
  { what, serial, goal }: Case,
  options: BenchOptions,
): Promise<readonly Row[]> {
  const ansible = `Ansible, serial: ${serial}`;
  const failed = new Map<string, number[]>([
    [GANTRY, []],
    [ansible, []],
  ]);
  const contender = (name: string, deploy: (version: Version) => Promise<unknown>) => ({
    name,
    measure: async () => {
      const seen = await underTraffic(fleet, deploy);
      failed.get(name)?.push(seen.failed);
      options.tell(`${what}: ${name} ${seen.seconds.toFixed(1)} s, ${seen.failed} failed requests`);
      return seen.seconds;
    },
  });
  const rounds = await alternate(
    [
      contender(GANTRY, (version) => fleet.deploy(version)),
      contender(ansible, (version) => runPlaybook(fleet, version, serial)),
    ],
    options.rounds,
  );
  return [
    ...compare(rounds, {
      ...{ what, unit: 's', subject: GANTRY },
      goals: { [ansible]: { atMost: goal, of: 'ratio' } },
    }),
    ...failuresOf(what, failed),
  ];
}

async function underTraffic(
  fleet: FleetUnderTest,
  deploy: (version: Version) => Promise<unknown>,
): Promise<{ readonly seconds: number; readonly failed: number }> {
  const version = fleet.otherVersion();
  const traffic = startTraffic({ url: fleet.lab.haproxy.url(SHOP_POOL), versions: VERSIONS });
  let report: TrafficReport;
  const startedAt = performance.now();
  let seconds: number;
  try {
    await deploy(version);
  } finally {
    seconds = (performance.now() - startedAt) / 1_000;
    report = await traffic.stop();
  }
  await fleet.isAt(version);
  return { seconds, failed: report.failed + report.wrong };
}

function failuresOf(what: string, failed: ReadonlyMap<string, readonly number[]>): readonly Row[] {
  return [...failed].map(([who, counts]) => ({
    what: `${what}, failed requests`,
    who,
    figure: counts.reduce((sum, count) => sum + count, 0),
    unit: `in ${counts.length} deployments`,
    spread: [Math.min(...counts), Math.max(...counts)],
    ...(who === GANTRY ? { goal: { atMost: 0, of: 'figure' } as const } : {}),
  }));
}

/** One host's catalog contains work that takes its time, as a host with a slow disk or a long migration has it. */
async function slowDown({ lab }: FleetUnderTest): Promise<void> {
  const slow = lab.hosts[1]?.certname ?? '';
  await lab.puppetServer.writeCode(
    'manifests/site.pp',
    `node '${slow}' {
  exec { 'slow work': command => '/bin/sleep ${SLOW_BY_S}' }
  include role::shop
}
node default { include role::shop }
`,
  );
}
