import { describe, expect, it } from '@jest/globals';
import { topicDestination } from '@gantry/contracts';
import { streamKey } from '@gantry/event-log';
import { failingStory } from './failing-story.js';
import { oneDeployment, twoDeployments } from './fleets.js';
import { keepsBack } from './keeps-back.js';
import { FAIL, PASS, twoStages } from './pipelines.js';
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

/** Lets `change` make something else of every message of a type on its way. */
function onPublish({ broker }: World, type: string, change: (body: string) => string): void {
  const publish = broker.publish.bind(broker);
  broker.publish = (message) => {
    const { headers, body } = message;
    publish(headers?.['x-type'] === type ? { ...message, body: change(String(body)) } : message);
  };
}

/** Writes in the log that a host has its turn, and takes it out of service. */
async function giveTurn(world: World, host: string): Promise<void> {
  const { database, device, chronicle } = world;
  const { event } =
    chronicle.all.find((each) => each.event.type === 'deployment.host-reserved') ?? fail();
  const stream = { type: event.streamType, id: event.streamId };
  const data = { ...(event.data as object), host, epoch: 1_000_000 };
  await database.transact({
    streams: [stream],
    locks: [],
    work: async (tx) => {
      await tx.append(stream, tx.version(stream), [{ ...event, eventId: world.uuid(), data }]);
      await database.tables.setTimer(tx, streamKey(stream), event.metadata.occurredAt, false);
    },
  });
  world.committed();
  world.sim.after(1, () => void device.tamper('web', host, 'drain'));
}

/** Writes the end of the deployment once more. */
async function endAgain(world: World): Promise<void> {
  const { database, chronicle } = world;
  const { event } =
    chronicle.all.find((each) => each.event.type === 'deployment.succeeded') ?? fail();
  const stream = { type: event.streamType, id: event.streamId };
  await database.transact({
    streams: [stream],
    locks: [],
    work: (tx) => tx.append(stream, tx.version(stream), [{ ...event, eventId: world.uuid() }]),
  });
  world.committed();
}

/** The line is stopped for two minutes in the middle. */
const STOPPED = [
  { atMs: 20_000, kind: 'stop-line' },
  { atMs: 140_000, kind: 'lift-line' },
] as const;

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
    bug: 'lb-controllers are told that every host is still to be out, and a drain comes long after its turn',
    invariant: 'I-09',
    scenario: oneDeployment('out again', [{ atMs: 100_000, kind: 'kill-all', downMs: 1_000 }]),
    plant: (world) => {
      const { tables } = world.database;
      const lately = tables.lately.bind(tables);
      tables.lately = async () => (await lately()).map((each) => ({ ...each, standing: 'out' }));
      keepsBack(150_000, 'lb.drain.requested', topicDestination('lb.requests'))(world);
    },
  },
  {
    bug: 'an lb-controller puts back a host whose Puppet run waits',
    invariant: 'I-09',
    scenario: { ...oneDeployment('in too early'), runs: { 'web1.sim': ['server-unreachable'] } },
    plant: ({ sim, device }) =>
      sim.after(30_000, () => void device.tamper('web', 'web1.sim', 'in', 'lb-controller-1')),
  },
  {
    bug: 'a deployment that has ended goes on',
    invariant: 'I-01',
    scenario: oneDeployment('ends twice'),
    plant: (world) => world.sim.after(200_000, () => void endAgain(world)),
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
  {
    bug: 'the second consent of one person is told under the name of another',
    invariant: 'I-15',
    scenario: oneDeployment(
      'names',
      [
        { atMs: 6_000, kind: 'consent', by: 'bob', to: 'now' },
        { atMs: 8_000, kind: 'consent', by: 'bob', to: 'now' },
        { atMs: 70_000, kind: 'device-reload' },
      ],
      { approval: { quorum: 2, expiresAfterMs: 60_000 } },
    ),
    plant: (world) =>
      onPublish(world, 'deployment.approve', (body) =>
        world.sim.elapsedMs < 7_000 ? body : body.replace('"actor":"bob"', '"actor":"carol"'),
      ),
  },
  {
    bug: 'a gate that failed is told to have passed',
    invariant: 'gates',
    scenario: twoStages('told wrong', [], { answers: { suite: [FAIL] } }),
    plant: (world) =>
      onPublish(world, 'gate.finished', (body) =>
        body.replace('"verdict":"fail"', '"verdict":"pass"'),
      ),
  },
  {
    bug: 'nobody looks whether the release of a deployment has failed',
    invariant: 'watch',
    scenario: twoStages('unwatched', [], { answers: { errors: [PASS, FAIL] } }),
    plant: ({ database }) => {
      database.holders = () => Promise.resolve([]);
    },
  },
  {
    bug: 'nobody looks whether the line is stopped',
    invariant: 'line',
    scenario: oneDeployment('unstopped', STOPPED),
    plant: ({ database }) => {
      database.holders = () => Promise.resolve([]);
    },
  },
  {
    bug: 'nobody looks whether a window has closed',
    invariant: 'window',
    scenario: twoStages('unclosed', [], {
      answers: { ready: [{ ...PASS, afterMs: 20_000 }] },
      production: { closed: [2, 4] },
    }),
    plant: ({ database }) => {
      database.holders = () => Promise.resolve([]);
    },
  },
  {
    bug: 'a deployment that is held gives a host its turn',
    invariant: 'held',
    scenario: oneDeployment('unheld', STOPPED),
    plant: (world) => world.sim.after(60_000, () => void giveTurn(world, 'web3.sim')),
  },
  {
    bug: 'an orchestrator sets no timers for releases',
    invariant: 'release',
    scenario: twoStages('unwoken'),
    plant: ({ database: { tables } }) => {
      const setTimer = tables.setTimer.bind(tables);
      tables.setTimer = (tx, stream, ...rest) =>
        stream.startsWith('release-') ? Promise.resolve() : setTimer(tx, stream, ...rest);
    },
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
