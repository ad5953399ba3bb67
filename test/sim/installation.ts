import { buildKey, Evr, PackageName, queueDestination } from '@gantry/contracts';
import { hostCommandQueue, publisherQueue } from '@gantry/contracts';
import { SimProcess, type Life } from '@gantry/testing/sim';
import { parseFleetFile } from '../../services/orchestrator/src/fleet/fleet-file.js';
import { HeldStreams } from '../../services/orchestrator/src/quarantine/held-streams.js';
import { DecisionWriter } from '../../services/orchestrator/src/streams/decision-writer.js';
import { buildAggregate } from '../../services/orchestrator/src/streams/build.aggregate.js';
import { fleetAggregate } from '../../services/orchestrator/src/streams/fleet.aggregate.js';
import { StreamFolder } from '../../services/orchestrator/src/streams/stream-folder.js';
import { StreamRunner } from '../../services/orchestrator/src/streams/stream-runner.js';
import { FIRST_EVR, NEXT_EVR } from './scenario.js';
import { bootDispatcher } from './services/dispatcher.js';
import { bootLbController } from './services/lb-controller.js';
import { bootAgent, bootPublisher } from './services/listener.js';
import { bootOrchestrator } from './services/orchestrator.js';
import { bootVerifier } from './services/verifier.js';
import { observed } from './world/builds-source.js';
import { fleetText, SERVER } from './world/fleet-text.js';
import { MemoryDisk } from './world/memory-disk.js';
import { NO_LEDGER } from './services/no-ledger.js';
import type { World } from './world/world.js';

/** Two of each service, a listener per host, a publisher. */
export const SERVICES = [
  'orchestrator-1',
  'orchestrator-2',
  'lb-controller-1',
  'lb-controller-2',
  'dispatcher-1',
  'dispatcher-2',
] as const;

/** Puts fleet and builds in the log, makes the queues, and starts every process. */
export async function install(world: World): Promise<void> {
  await adoptFleet(world);
  makeQueues(world);
  const disk = new MemoryDisk();
  const boots: readonly (readonly [name: string, boot: (life: Life) => void])[] = [
    ...SERVICES.map((name) => [name, bootOf(world, name)] as const),
    [`publisher-${SERVER}`, (life) => bootPublisher(world, life, disk)],
    ...world.hosts.map(
      (host) => [`listener-${host.name}`, (life: Life) => bootAgent(world, life, host)] as const,
    ),
  ];
  const verifier: typeof boots =
    world.scenario.pipeline === undefined
      ? []
      : [['verifier-1', (life) => bootVerifier(world, life)]];
  for (const [name, boot] of [...boots, ...verifier])
    world.processes.push(new SimProcess({ sim: world.sim, name, boot }));
  for (const process of world.processes) process.start();
  announceBuilds(world);
}

function bootOf(world: World, name: (typeof SERVICES)[number]): (life: Life) => void {
  const service = name.slice(0, -2);
  if (service === 'orchestrator') return (life) => bootOrchestrator(world, life);
  if (service === 'lb-controller') return (life) => bootLbController(world, life);
  return (life) => bootDispatcher(world, life);
}

/** The fleet file is in force before anybody starts: reading files is not what is played here. */
async function adoptFleet(world: World): Promise<void> {
  const { database, sim } = world;
  const streams = new StreamFolder(database);
  const clock = { now: () => sim.now() };
  const ids = { uuid: () => world.uuid() };
  const writer = new DecisionWriter(streams, database.tables, clock, ids, {
    heardSince: () => sim.now().toISOString(),
  });
  const wake = { appended: () => undefined };
  const runner = new StreamRunner(database, streams, writer, wake, new HeldStreams(NO_LEDGER));
  const source = 'the fleet file';
  const reading = parseFleetFile(fleetText(world.scenario), source);
  if (!reading.ok) throw new Error(`${source} is wrong: ${JSON.stringify(reading.problems)}`);
  const input = { type: 'fleet.read', reading, source, maxRemovedPercent: 100 } as const;
  await runner.run(fleetAggregate, { id: 'main', input, cause: {} });
  if (world.scenario.pipeline !== undefined) await seeFirstBuilds(world, runner);
  world.committed();
}

/** What is installed was seen long ago, and told: no release sets out for it. */
async function seeFirstBuilds(world: World, runner: StreamRunner): Promise<void> {
  for (const { name } of world.scenario.applications) {
    const input = { type: 'build.observed', data: observed(world, name, FIRST_EVR) } as const;
    await runner.run(buildAggregate, {
      id: buildKey(PackageName.parse(name), Evr.parse(FIRST_EVR)),
      input,
      cause: {},
    });
  }
  const told = await world.database.readFeed(undefined, Number.MAX_SAFE_INTEGER);
  world.relayed = told.at(-1)?.cursor;
}

/** A queue exists from its first subscription on; in an installation that has run for a while all of them do. */
function makeQueues({ broker, hosts, scenario }: World): void {
  for (const family of [
    'deployment.commands',
    'lb.observations',
    'puppet.observations',
    'builds',
  ] as const)
    broker.queue(queueDestination('orchestrator', family));
  if (scenario.pipeline !== undefined) {
    for (const family of ['release.signals', 'gate.observations'] as const)
      broker.queue(queueDestination('orchestrator', family));
    broker.queue(queueDestination('verifier', 'gate.requests'));
  }
  broker.queue(queueDestination('lb-controller', 'lb.requests'));
  for (const family of ['puppet.requests', 'host.replies'] as const)
    broker.queue(queueDestination('puppet-dispatcher', family));
  for (const host of hosts) broker.queue(hostCommandQueue(host.name));
  broker.queue(publisherQueue(SERVER));
}

function announceBuilds({ builds, scenario }: World): void {
  if (scenario.pipeline !== undefined) {
    builds.start();
    return;
  }
  for (const { name } of scenario.applications)
    for (const evr of [FIRST_EVR, NEXT_EVR]) builds.lists(name, evr);
}
