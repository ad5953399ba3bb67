import { Module } from '@nestjs/common';
import { RefusalNotes } from '@gantry/service-kit';
import { ApprovalCommandsController } from './commands/approval-commands.controller.js';
import { BuildCommandsController } from './commands/build-commands.controller.js';
import { CommandDesk } from './commands/command-desk.js';
import { CommandSender } from './commands/command-sender.js';
import { DeploymentCommandsController } from './commands/deployment-commands.controller.js';
import { DeploymentControlController } from './commands/deployment-control.controller.js';
import { FleetCommandsController } from './commands/fleet-commands.controller.js';
import { HostCommandsController } from './commands/host-commands.controller.js';
import { ParkedCommandsController } from './commands/parked-commands.controller.js';
import { RefreshCommandsController } from './commands/refresh-commands.controller.js';
import { HoldCommandsController } from './commands/hold-commands.controller.js';
import { ReleaseCommandsController } from './commands/release-commands.controller.js';
import { RepeatGuard } from './commands/repeat-guard.js';
import { BuildHooksController } from './hooks/build-hooks.controller.js';
import { DeliveryMemory } from './hooks/delivery-memory.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { AuditQueries } from './queries/audit-queries.js';
import { FreshIds } from './queries/fresh-ids.js';
import { ReleasesController } from './queries/releases.controller.js';
import { ServiceBook } from './queries/service-book.js';
import { SingleItems } from './queries/single-items.js';
import { StatusController } from './queries/status.controller.js';
import { ViewsController } from './queries/views.controller.js';
import { EventPump } from './streams/event-pump.js';
import { LiveController } from './streams/live.controller.js';
import { StreamRegistry } from './streams/stream-registry.js';
import { StreamsController } from './streams/streams.controller.js';

/** The gateway's parts; the bus, the clock and the configuration come from the service kit. */
@Module({
  controllers: [
    ApprovalCommandsController,
    DeploymentControlController,
    DeploymentCommandsController,
    RefreshCommandsController,
    BuildCommandsController,
    ParkedCommandsController,
    HostCommandsController,
    BuildHooksController,
    ReleaseCommandsController,
    HoldCommandsController,
    FleetCommandsController,
    ReleasesController,
    ViewsController,
    StatusController,
    StreamsController,
    LiveController,
    OpenApiController,
  ],
  providers: [
    CommandDesk,
    CommandSender,
    RepeatGuard,
    DeliveryMemory,
    RefusalNotes,
    AuditQueries,
    ServiceBook,
    FreshIds,
    SingleItems,
    EventPump,
    StreamRegistry,
  ],
})
export class GatewayModule {}
