import { describe, expect, it } from '@jest/globals';
import { failingStory } from './failing-story.js';
import { oneDeployment, twoDeployments } from './fleets.js';
import { play } from './play.js';
import type { Scenario } from './scenario.js';
import type { World } from './world/world.js';

/** A bug as somebody might write it, and the invariant that must notice. */
interface Planted {
  readonly bug: string;
  readonly invariant: string;
  readonly scenario: Scenario;
  readonly plant: (world: World) => void;
}

const LIMIT = 120_000;
const LOSSES = {
  atMs: 3_000,
  kind: 'weather',
  weather: { lost: 60, doubled: 0, delayed: 0, overtaking: 0, longestDelayMs: 0 },
  forMs: 60_000,
} as const;

/** Lets `change` see every append before it is made, and make something else of it. */
function onAppend(
  { database }: World,
  change: (streamType: string, types: readonly string[]) => 'drop' | 'keep',
): void {
  const transact = database.transact.bind(database);
  database.transact = (input) =>
    transact({
      ...input,
      work: (tx) => {
        const append = tx.append.bind(tx);
        const changed: typeof tx.append = (stream, version, events) =>
          change(
            stream.type,
            events.map(({ type }) => type),
          ) === 'drop'
            ? Promise.resolve()
            : append(stream, version, events);
        return input.work(Object.assign(tx, { append: changed }));
      },
    });
}

const PLANTED: readonly Planted[] = [
  {
    bug: 'a host starts Puppet twice for one command',
    invariant: 'I-04',
    scenario: oneDeployment('twice'),
    plant: ({ hosts }) => {
      for (const host of hosts) {
        const start = host.startPuppet.bind(host);
        host.startPuppet = (cmdId) => {
          start(cmdId);
          return start(cmdId);
        };
      }
    },
  },
  {
    bug: 'a host runs Puppet although nobody asked',
    invariant: 'I-04',
    scenario: oneDeployment('unasked'),
    plant: ({ sim, hosts }) => sim.after(30_000, () => void hosts[2]?.startPuppet('made-up')),
  },
  {
    bug: 'somebody drains a pool below its minimum',
    invariant: 'I-02',
    scenario: oneDeployment('below'),
    plant: ({ sim, device }) =>
      sim.after(5_000, () => {
        void device.tamper('web', 'web2.sim', 'drain');
        void device.tamper('web', 'web3.sim', 'drain');
      }),
  },
  {
    bug: 'a host is taken out and nobody is told',
    invariant: 'I-03',
    scenario: oneDeployment('alone'),
    plant: ({ sim, device }) =>
      sim.after(200_000, () => void device.tamper('web', 'web2.sim', 'off')),
  },
  {
    bug: 'attention items are never opened',
    invariant: 'I-03',
    scenario: { ...oneDeployment('silent'), runs: { 'web1.sim': ['fails'] } },
    plant: (world) =>
      onAppend(world, (_stream, types) => (types.includes('attention.opened') ? 'drop' : 'keep')),
  },
  {
    bug: 'an orchestrator forgets to set timers',
    invariant: 'zombie',
    scenario: oneDeployment('forgetful'),
    plant: ({ database }) => {
      database.tables.setTimer = () => Promise.resolve();
    },
  },
  {
    bug: 'nobody looks at timers that are due, and messages are lost',
    invariant: 'I-01',
    scenario: oneDeployment('asleep', [LOSSES]),
    plant: ({ database }) => {
      database.tables.takeDue = () => Promise.resolve([]);
    },
  },
  {
    bug: 'a host is given to two deployments',
    invariant: 'I-09',
    scenario: twoDeployments('shared'),
    plant: ({ database: { tables } }) => {
      const nothing = { claimed: new Set<string>(), heldInPools: new Map(), runsOn: new Map() };
      const read = tables.read.bind(tables);
      tables.read = async (...args) => ({ ...(await read(...args)), admission: nothing });
      tables.replaceClaims = () => Promise.resolve(true);
    },
  },
  {
    bug: 'the log loses an event that was committed',
    invariant: 'I-06',
    scenario: oneDeployment('lossy'),
    plant: ({ sim, database }) => {
      const readFeed = database.readFeed.bind(database);
      const lossy: typeof readFeed = async (after, limit) =>
        (await readFeed(after, limit)).filter(({ type }) => type !== 'deployment.host-enabled');
      sim.after(200_000, () => (database.readFeed = lossy));
    },
  },
  {
    bug: 'a host has another version than it says',
    invariant: 'I-08',
    scenario: oneDeployment('liar'),
    plant: ({ sim, hosts }) =>
      sim.after(220_000, () => void hosts[0]?.installed.set('shop', '0.9.0-1')),
  },
];

const fail = (): never => {
  throw new Error('nothing is planted');
};

describe('what the checks are worth: planted bugs', () => {
  it.each(PLANTED)(
    '$invariant notices when $bug',
    async ({ scenario, plant, invariant }) => {
      expect((await play(scenario)).violation).toBeUndefined();
      const { violation } = await play(scenario, { prepare: plant });
      expect(violation?.invariant).toBe(invariant);
    },
    LIMIT,
  );

  it(
    'a failing play is the same again by its seed, and its story names what is enough to fail',
    async () => {
      const noise = [
        { atMs: 4_000, kind: 'device-reload' },
        { atMs: 9_000, kind: 'kill', process: 'dispatcher-1', downMs: 2_000 },
      ] as const;
      const scenario = oneDeployment('twice', noise);
      const [planted] = PLANTED.filter(({ invariant }) => invariant === 'I-04');
      const options = { prepare: planted?.plant ?? fail };
      const seen = new Set<string>();
      for (let i = 0; i < 10; i++) {
        const { world, violation } = await play(scenario, options);
        seen.add(`${violation?.message ?? ''}\n${world.sim.trace.story()}`);
      }
      expect(seen.size).toBe(1);
      const story = await failingStory(scenario, 'I-04', options);
      expect(story).toContain('Puppet started 2 times');
      expect(story).toContain('"kind":"deploy"');
      expect(story).not.toContain('"kind":"kill"');
    },
    LIMIT,
  );
});
