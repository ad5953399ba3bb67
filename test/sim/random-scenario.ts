import { Random, type Weather } from '@gantry/testing/sim';
import { SERVICES } from './installation.js';
import {
  FIRST_EVR,
  NEXT_EVR,
  WISHES,
  type Happening,
  type RunEnd,
  type Scenario,
  type SimApplication,
} from './scenario.js';
import { SERVER } from './world/fleet-text.js';

/** Places at which each kind of process may die, and what it is about there. */
const CRASHES: readonly (readonly [process: string, point: string, about: readonly string[]])[] = [
  [
    'orchestrator',
    'append',
    [
      'deployment.requested',
      'deployment.planned',
      'deployment.host-reserved',
      'lb.drain.requested',
      'deployment.host-drained',
      'puppet.run.requested',
      'deployment.host-run-started',
      'deployment.host-run-finished',
      'deployment.host-verified',
      'lb.enable.requested',
      'deployment.host-enabled',
      'deployment.host-done',
    ],
  ],
  [
    'orchestrator',
    'publish',
    [
      'lb.drain.requested',
      'puppet.publish.requested',
      'puppet.run.requested',
      'lb.enable.requested',
    ],
  ],
  ['lb-controller', 'write', ['drain', 'off', 'in']],
  ['lb-controller', 'publish', ['lb.drained', 'lb.enabled', 'lb.drain.failed']],
  ['dispatcher', 'publish', ['host.run.command', 'puppet.run.finished', 'puppet.health.observed']],
  ['listener', 'run', ['run']],
  ['listener', 'publish', ['host.run.started', 'host.run.finished', 'host.health.observed']],
];
const ACKS: Readonly<Record<string, readonly string[]>> = {
  orchestrator: ['lb.drained', 'puppet.run.finished', 'lb.enabled', 'deployment.request'],
  'lb-controller': ['lb.drain.requested', 'lb.enable.requested'],
  dispatcher: ['puppet.run.requested', 'host.run.finished'],
  listener: ['host.run.command', 'host.query.command'],
};

/** One seed, one fleet, one list of what befalls it. */
export function randomScenario(seed: string): Scenario {
  const random = new Random(`scenario ${seed}`);
  const hosts = Array.from({ length: random.between(2, 5) }, (_, i) => `web${i + 1}.sim`);
  const foreign = Array.from({ length: random.between(0, 2) }, (_, i) => `other${i + 1}.sim`);
  const applications = ['shop', 'portal', 'desk']
    .slice(0, random.between(1, 3))
    .map((name) => application(name, random));
  const scenario = {
    seed,
    hosts,
    foreign,
    pools: random.chance(0.3) ? ['web', 'api'] : ['web'],
    applications,
    runs: Object.fromEntries(hosts.map((host) => [host, runsOf(random)])),
  };
  const happenings = [
    ...deploys(scenario.applications, random),
    ...many(random, 0, 3, () => wish(random)),
    ...many(random, 0, 6, () => fault(random, scenario)),
  ];
  return { ...scenario, happenings: happenings.sort((a, b) => a.atMs - b.atMs) };
}

export const many = <T>(random: Random, min: number, max: number, make: () => T): readonly T[] =>
  Array.from({ length: random.between(min, max) }, make);

export const application = (name: string, random: Random): SimApplication => ({
  name,
  good: random.chance(0.8),
  strategy: {
    canary: { hosts: random.between(0, 2), bakeMs: random.pick([0, 0, 20_000]) },
    maxOutOfService: random.between(1, 3),
    maxUnavailablePercent: random.pick([34, 50, 100]),
    minPercent: random.pick([0, 34, 50, 60]),
    failureBudget: random.between(0, 2),
    onFailure: random.pick(['pause', 'rollback']),
  },
});

const ENDS: readonly RunEnd[] = [
  ...(['converges', 'converges', 'converges', 'converges', 'converges'] as const),
  ...(['fails', 'server-unreachable', 'disabled', 'cut'] as const),
];

const runsOf = (random: Random): readonly RunEnd[] =>
  random.chance(0.6) ? [] : many(random, 1, 3, () => random.pick(ENDS));

function deploys(applications: readonly SimApplication[], random: Random): readonly Happening[] {
  const first = applications.map(({ name }): Happening => ({
    atMs: random.between(1_000, 20_000),
    kind: 'deploy',
    application: name,
    evr: NEXT_EVR,
  }));
  const more = many(random, 0, 2, (): Happening => ({
    atMs: random.between(20_000, 300_000),
    kind: 'deploy',
    application: random.pick(applications).name,
    evr: random.pick([FIRST_EVR, NEXT_EVR]),
  }));
  return [...first, ...more];
}

export const wish = (random: Random): Happening => ({
  atMs: random.between(3_000, 300_000),
  kind: 'wish',
  wish: random.pick(WISHES),
  which: random.between(0, 2),
});

type Fleet = Pick<Scenario, 'hosts' | 'foreign'>;

export function fault(random: Random, fleet: Fleet): Happening {
  const atMs = random.between(2_000, 240_000);
  return random.chance(0.45)
    ? { atMs, ...death(random, fleet) }
    : { atMs, ...trouble(random, fleet) };
}

type Timeless<T> = T extends unknown ? Omit<T, 'atMs'> : never;
type Kind = Timeless<Happening>;

const processes = ({ hosts }: Fleet): readonly string[] => [
  ...SERVICES,
  `publisher-${SERVER}`,
  ...hosts.map((host) => `listener-${host}`),
];

function death(random: Random, fleet: Fleet): Kind {
  const downMs = random.between(500, 40_000);
  const which = random.between(1, 10);
  if (which === 1) return { kind: 'kill-all', downMs };
  if (which <= 3) return { kind: 'kill', process: random.pick(processes(fleet)), downMs };
  if (which <= 5)
    return {
      kind: 'freeze',
      process: random.pick(processes(fleet)),
      forMs: random.pick([5_000, 20_000, 60_000, 90_000]),
    };
  return crash(random, fleet, downMs);
}

function crash(random: Random, fleet: Fleet, downMs: number): Kind {
  const nth = random.between(1, 3);
  const of = (kind: string): string =>
    random.pick(processes(fleet).filter((name) => name.startsWith(kind)));
  if (random.chance(0.2)) {
    const kind = random.pick(Object.keys(ACKS));
    const about = random.pick(ACKS[kind] ?? []);
    return { kind: 'crash-at', process: of(kind), point: 'before-ack', about, nth, downMs };
  }
  const [kind, point, abouts] = random.pick(CRASHES);
  const side = random.pick(['before', 'after']);
  return {
    kind: 'crash-at',
    process: of(kind),
    point: `${side}-${point}`,
    about: random.pick(abouts),
    nth,
    downMs,
  };
}

const weather = (random: Random): Weather => ({
  lost: random.pick([0, 0, 2, 5, 20]),
  doubled: random.pick([0, 0, 10, 50, 100]),
  delayed: random.pick([0, 0, 5, 20]),
  overtaking: random.pick([0, 0, 20, 60]),
  longestDelayMs: random.pick([5_000, 60_000, 180_000]),
});

function trouble(random: Random, { hosts, foreign }: Fleet): Kind {
  const forMs = random.between(2_000, 90_000);
  const host = random.pick(hosts);
  const kinds: readonly (() => Kind)[] = [
    () => ({ kind: 'weather', weather: weather(random), forMs: random.between(20_000, 240_000) }),
    () => ({ kind: 'weather', weather: weather(random), forMs: random.between(20_000, 240_000) }),
    () => ({ kind: 'broker-away', forMs }),
    () => ({ kind: 'broker-wiped' }),
    () => ({ kind: 'database-away', forMs }),
    () => ({ kind: 'commits-untold', percent: random.pick([5, 20, 50]), forMs }),
    () => ({ kind: 'tables-emptied' }),
    () => ({ kind: 'device-reload' }),
    () => ({ kind: 'device-away', forMs }),
    () => ({ kind: 'device-deaf', forMs: random.between(2_000, 20_000) }),
    () => ({ kind: 'device-untold', percent: random.pick([20, 50]), forMs }),
    () => ({ kind: 'reboot', host, downMs: random.between(5_000, 60_000) }),
    () => ({ kind: 'sick', host, forMs }),
    () => ({ kind: 'journal-damaged', host, downMs: random.between(500, 20_000) }),
    () => ({ kind: 'foreign-run', host, forMs: random.between(5_000, 60_000) }),
    ...(foreign.length === 0
      ? []
      : [() => ({ kind: 'foreign-down', member: random.pick(foreign), forMs }) as const]),
  ];
  return random.pick(kinds)();
}
