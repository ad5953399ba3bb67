import { queueDestination } from '@gantry/contracts';
import { HealthChecks } from '@gantry/service-kit';
import type { Life } from '@gantry/testing/sim';
import { AttentionDesk } from '../../../services/orchestrator/src/attention/attention-desk.js';
import { BusWatch } from '../../../services/orchestrator/src/bus/bus-watch.js';
import { OutageItems } from '../../../services/orchestrator/src/bus/outage-items.js';
import type { OrchestratorConfig } from '../../../services/orchestrator/src/config.js';
import { FAMILIES } from '../../../services/orchestrator/src/families.js';
import { FleetInForce } from '../../../services/orchestrator/src/fleet/fleet-in-force.js';
import { BuildGoneHandler } from '../../../services/orchestrator/src/handlers/build-gone.handler.js';
import { ApprovalHandler } from '../../../services/orchestrator/src/handlers/approval.handler.js';
import { BuildHandler } from '../../../services/orchestrator/src/handlers/build.handler.js';
import { DeploymentInputHandler } from '../../../services/orchestrator/src/handlers/deployment-input.handler.js';
import { KnownBuilds } from '../../../services/orchestrator/src/handlers/known-builds.js';
import { DeploymentRequestHandler } from '../../../services/orchestrator/src/handlers/deployment-request.handler.js';
import { ListenerHandler } from '../../../services/orchestrator/src/handlers/listener.handler.js';
import { ParkedHandler } from '../../../services/orchestrator/src/handlers/parked.handler.js';
import { RefreshRequestHandler } from '../../../services/orchestrator/src/handlers/refresh-request.handler.js';
import { BuildsController } from '../../../services/orchestrator/src/messaging/builds.controller.js';
import { HoldHandler } from '../../../services/orchestrator/src/handlers/hold.handler.js';
import { RunningWatch } from '../../../services/orchestrator/src/holds/running-watch.js';
import { StartRules } from '../../../services/orchestrator/src/holds/start-rules.js';
import { AccessObservationsController } from '../../../services/orchestrator/src/messaging/access-observations.controller.js';
import { ApprovalsController } from '../../../services/orchestrator/src/messaging/approvals.controller.js';
import { CommandsController } from '../../../services/orchestrator/src/messaging/commands.controller.js';
import { HoldsController } from '../../../services/orchestrator/src/messaging/holds.controller.js';
import { LbObservationsController } from '../../../services/orchestrator/src/messaging/lb-observations.controller.js';
import { ListenersController } from '../../../services/orchestrator/src/messaging/listeners.controller.js';
import { ReleaseCommandsController } from '../../../services/orchestrator/src/messaging/release-commands.controller.js';
import { ReleaseSignalsController } from '../../../services/orchestrator/src/messaging/release-signals.controller.js';
import { PuppetObservationsController } from '../../../services/orchestrator/src/messaging/puppet-observations.controller.js';
import { HeldStreams } from '../../../services/orchestrator/src/quarantine/held-streams.js';
import { Quarantine } from '../../../services/orchestrator/src/quarantine/quarantine.js';
import { Mender } from '../../../services/orchestrator/src/rebuild/mender.js';
import { Rebuild } from '../../../services/orchestrator/src/rebuild/rebuild.js';
import { DecisionWriter } from '../../../services/orchestrator/src/streams/decision-writer.js';
import { StreamFolder } from '../../../services/orchestrator/src/streams/stream-folder.js';
import { StreamRunner } from '../../../services/orchestrator/src/streams/stream-runner.js';
import { TimerTicks } from '../../../services/orchestrator/src/timers/timer-ticks.js';
import { TimerLoop } from '../../../services/orchestrator/src/timers/timer-loop.js';
import type { World } from '../world/world.js';
import { Consumer } from './consumer.js';
import { lifeAllocations } from './life-allocations.js';
import { lifeBus } from './life-bus.js';
import { LifeEventLog } from './life-event-log.js';
import { LifeRelay } from './life-relay.js';
import { LifeTimers } from './life-timers.js';
import { NO_LEDGER } from './no-ledger.js';
import { releasesOf } from './releases.js';
import { routesOf } from './routes-of.js';

const MEND_MS = 60_000;
/** The real service looks more often; the broker's comings and goings are told at once here. */
const WATCH_MS = 5_000;
/** How often the real service looks at what runs. */
const BINDING_MS = 2_000;
const START_AGAIN_MS = 2_000;

/** One life of an orchestrator: the real handlers, runner, timers and mender; only database and broker are models. */
export function bootOrchestrator(world: World, life: Life): void {
  const { sim, database } = world;
  const log = world.logOf('orchestrator');
  const clock = { now: () => sim.now() };
  const ids = { uuid: () => world.uuid() };
  const events = new LifeEventLog(world, life);
  const allocations = lifeAllocations(world, life);
  const relay = new LifeRelay(world, life, events, lifeBus(world, life, 'orchestrator'));
  const streams = new StreamFolder(events);
  const health = new HealthChecks();
  health.add('broker', () => (world.broker.isUp ? undefined : 'the broker does not answer'));
  const lag = { oldestAgeMs: () => life.call(() => world.oldestUnpublishedMs()) };
  const bus = new BusWatch(health, lag, clock, log);
  const held = new HeldStreams(NO_LEDGER);
  const writer = new DecisionWriter(streams, allocations, clock, ids, bus);
  const runner = new StreamRunner(events, streams, writer, relay, held);
  const desk = new AttentionDesk(runner);
  const quarantine = new Quarantine(held, desk, database, events, log);
  const mender = new Mender(events, streams, allocations, clock, held);
  const known = new KnownBuilds(streams);
  const inputs = new DeploymentInputHandler(runner, quarantine, mender, known, log);
  const fleets = new FleetInForce(streams);
  const builds = new BuildHandler(runner);
  const rules = new StartRules(streams, fleets, database, clock);
  const requests = new DeploymentRequestHandler(runner, fleets, allocations, rules);
  const refreshes = new RefreshRequestHandler(runner, fleets);
  const config = {} as OrchestratorConfig;
  const parked = new ParkedHandler(config, runner, desk);
  const listeners = new ListenerHandler(runner, fleets, desk, log);
  const parts = { runner, streams, fleets, requests, rules, events, active: database, log };
  const releases = releasesOf(parts);
  const routes = routesOf([
    new CommandsController(requests, inputs, refreshes, builds, parked),
    new ApprovalsController(new ApprovalHandler(runner, streams, fleets, rules)),
    new HoldsController(new HoldHandler(runner, fleets)),
    new LbObservationsController(inputs),
    new PuppetObservationsController(inputs),
    new ListenersController(listeners),
    new BuildsController(builds, new BuildGoneHandler(runner, known, database), releases.handler),
    new ReleaseCommandsController(releases.handler, releases.steps),
    new ReleaseSignalsController(releases.handler, releases.steps),
    new AccessObservationsController(runner, clock),
  ]);
  const ticks = new TimerTicks(inputs, releases.steps, desk, clock, log);
  const timers = new LifeTimers(
    world,
    life,
    (table) => new TimerLoop(config, table, ticks, bus, log),
  );
  // No log is restored here: test/restored.int.spec.ts does that on a real one.
  const restored = { begin: () => quarantine.begin() };
  const rebuild = new Rebuild(config, database, mender, restored, log);
  const consumer = new Consumer(world, life, routes);
  const running = new RunningWatch(database, streams, rules, runner, log);
  const outages = new OutageItems(bus, desk, clock, log);
  const watch = async (): Promise<void> => {
    await bus.now();
    await outages.now();
  };
  const begin = async (): Promise<void> => {
    try {
      // As in the real service: nothing is taken before the tables are held against the log.
      await rebuild.onModuleInit();
    } catch (error) {
      sim.trace.note(life.name, `cannot start: ${String(error)}`);
      world.process(life.name)?.restart(START_AGAIN_MS, 'ends, its database does not answer');
      return;
    }
    for (const family of FAMILIES) consumer.listen(queueDestination('orchestrator', family));
    relay.start();
    await watch();
    world.broker.onChange(life, () => void watch());
    repeat(life, WATCH_MS, watch);
    timers.start();
    repeat(life, MEND_MS, () => rebuild.now());
    if (isGoverned(world)) repeat(life, BINDING_MS, () => running.now());
  };
  void begin();
}

/** Whether anything may bind what runs. Where nothing does, nobody looks: looks are most of what such a play would consist of. */
const isGoverned = ({ scenario: { pipeline, happenings } }: World): boolean =>
  pipeline !== undefined || happenings.some(({ kind }) => kind === 'stop-line');

/** Again and again, never twice at once, as the loops of the real service do. */
function repeat(life: Life, everyMs: number, look: () => Promise<void>): void {
  life.after(everyMs, () => void look().then(() => repeat(life, everyMs, look)));
}
