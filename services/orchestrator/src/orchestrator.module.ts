import { Module } from '@nestjs/common';
import { AttentionDesk } from './attention/attention-desk.js';
import { BusWatch } from './bus/bus-watch.js';
import { OutageItems } from './bus/outage-items.js';
import { FleetInForce } from './fleet/fleet-in-force.js';
import { FleetWatcher } from './fleet/fleet-watcher.js';
import { BuildGoneHandler } from './handlers/build-gone.handler.js';
import { BuildHandler } from './handlers/build.handler.js';
import { DeploymentInputHandler } from './handlers/deployment-input.handler.js';
import { KnownBuilds } from './handlers/known-builds.js';
import { DeploymentRequestHandler } from './handlers/deployment-request.handler.js';
import { ApprovalHandler } from './handlers/approval.handler.js';
import { FleetHandler } from './handlers/fleet.handler.js';
import { HoldHandler } from './handlers/hold.handler.js';
import { ParkedHandler } from './handlers/parked.handler.js';
import { ListenerHandler } from './handlers/listener.handler.js';
import { RefreshRequestHandler } from './handlers/refresh-request.handler.js';
import { ReleaseCommandsController } from './messaging/release-commands.controller.js';
import { ReleaseSignalsController } from './messaging/release-signals.controller.js';
import { ServicePresenceController } from './messaging/service-presence.controller.js';
import { ServiceWatch } from './services/service-watch.js';
import { AccessObservationsController } from './messaging/access-observations.controller.js';
import { BuildsController } from './messaging/builds.controller.js';
import { CommandsController } from './messaging/commands.controller.js';
import { ApprovalsController } from './messaging/approvals.controller.js';
import { FleetController } from './messaging/fleet.controller.js';
import { HoldsController } from './messaging/holds.controller.js';
import { LbObservationsController } from './messaging/lb-observations.controller.js';
import { ListenersController } from './messaging/listeners.controller.js';
import { PuppetObservationsController } from './messaging/puppet-observations.controller.js';
import { ParkedWatch } from './parked/parked-watch.js';
import { AllocationsRepository } from './persistence/allocations.repository.js';
import { LogModule } from './persistence/log.module.js';
import { HeldStreams } from './quarantine/held-streams.js';
import { Quarantine } from './quarantine/quarantine.js';
import { Mender } from './rebuild/mender.js';
import { Rebuild } from './rebuild/rebuild.js';
import { ReleaseHandler } from './releases/release.handler.js';
import { ReleaseSight } from './releases/release-sight.js';
import { ReleaseStart } from './releases/release-start.js';
import { ReleaseStep } from './releases/release-step.js';
import { StageHold } from './releases/stage-hold.js';
import { RunningWatch } from './holds/running-watch.js';
import { MarkKeeper } from './restored/mark-keeper.js';
import { RestoreDesk } from './restored/restore-desk.js';
import { Restored } from './restored/restored.js';
import { StartRules } from './holds/start-rules.js';
import { StandingBeacon } from './standing/standing-beacon.js';
import { StandingKeeper } from './standing/standing-keeper.js';
import { LogRelay } from './relay/log-relay.js';
import { DecisionWriter } from './streams/decision-writer.js';
import { StreamFolder } from './streams/stream-folder.js';
import { StreamRunner } from './streams/stream-runner.js';
import { HEARD, WAKE } from './streams/ports.js';
import { TimerTicks } from './timers/timer-ticks.js';
import { TimerLoop } from './timers/timer-loop.js';

/** Wiring only. */
@Module({
  imports: [LogModule],
  controllers: [
    CommandsController,
    ApprovalsController,
    HoldsController,
    FleetController,
    LbObservationsController,
    PuppetObservationsController,
    ListenersController,
    BuildsController,
    ServicePresenceController,
    AccessObservationsController,
    ReleaseCommandsController,
    ReleaseSignalsController,
  ],
  providers: [
    AllocationsRepository,
    StreamFolder,
    DecisionWriter,
    StreamRunner,
    HeldStreams,
    Quarantine,
    Restored,
    MarkKeeper,
    RestoreDesk,
    Mender,
    Rebuild,
    FleetInForce,
    FleetWatcher,
    DeploymentRequestHandler,
    DeploymentInputHandler,
    ApprovalHandler,
    RefreshRequestHandler,
    StartRules,
    RunningWatch,
    StageHold,
    ReleaseSight,
    ReleaseStart,
    ReleaseStep,
    ReleaseHandler,
    BuildHandler,
    BuildGoneHandler,
    KnownBuilds,
    HoldHandler,
    StandingKeeper,
    StandingBeacon,
    FleetHandler,
    LogRelay,
    { provide: WAKE, useExisting: LogRelay },
    BusWatch,
    { provide: HEARD, useExisting: BusWatch },
    AttentionDesk,
    OutageItems,
    ParkedWatch,
    ServiceWatch,
    ParkedHandler,
    ListenerHandler,
    TimerTicks,
    TimerLoop,
  ],
})
export class OrchestratorModule {}
