import { Module } from '@nestjs/common';
import {
  BUS,
  CLOCK,
  CONFIG,
  IDENTITY,
  IDS,
  Log,
  Metrics,
  RefusalNotes,
  type Clock,
  type Identity,
  type IdSource,
  type MessageBus,
} from '@gantry/service-kit';
import type { DispatcherConfig } from './config.js';
import { DispatcherMetrics } from './dispatcher-metrics.js';
import { CommandSender } from './handlers/command-sender.js';
import { EnrolmentHandler } from './handlers/enrolment.handler.js';
import { HostTroubles } from './handlers/host-troubles.js';
import { ReplyHandler } from './handlers/reply.handler.js';
import { RequestGate } from './handlers/request-gate.js';
import { RequestHandlers } from './handlers/request-handlers.js';
import type { RequestTools } from './handlers/run.handler.js';
import { HostRepliesController } from './messaging/host-replies.controller.js';
import { PuppetRequestsController } from './messaging/puppet-requests.controller.js';
import { CommandSigner } from './security/command-signer.js';
import { EnrolledKeys } from './security/enrolled-keys.js';
import { ReplyQuota } from './security/reply-quota.js';

const TOOLS = Symbol('dispatcher.request-tools');

/** Wiring of puppet-dispatcher. */
@Module({
  controllers: [PuppetRequestsController, HostRepliesController],
  providers: [
    RefusalNotes,
    HostTroubles,
    {
      provide: RequestHandlers,
      inject: [TOOLS],
      useFactory: (tools: RequestTools) => new RequestHandlers(tools),
    },
    {
      provide: RequestGate,
      inject: [DispatcherMetrics, Log, RefusalNotes],
      useFactory: (metrics: DispatcherMetrics, log: Log, notes: RefusalNotes) =>
        new RequestGate(metrics, log, notes),
    },
    {
      provide: EnrolledKeys,
      inject: [CONFIG],
      useFactory: (config: DispatcherConfig) => new EnrolledKeys(config.GANTRY_HOST_KEYS),
    },
    {
      provide: CommandSigner,
      inject: [CONFIG],
      useFactory: (config: DispatcherConfig) =>
        new CommandSigner(config.GANTRY_SIGNING_KEY, config.GANTRY_SIGNING_KID),
    },
    {
      provide: DispatcherMetrics,
      inject: [Metrics],
      useFactory: (metrics: Metrics) => new DispatcherMetrics(metrics.registry),
    },
    {
      provide: CommandSender,
      inject: [BUS, CommandSigner, DispatcherMetrics, CLOCK, IDS, IDENTITY],
      useFactory: (
        bus: MessageBus,
        signer: CommandSigner,
        metrics: DispatcherMetrics,
        ...[clock, ids, identity]: [Clock, IdSource, Identity]
      ) => new CommandSender({ bus, signer, metrics, clock, ids, identity }),
    },
    {
      provide: TOOLS,
      inject: [BUS, EnrolledKeys, CommandSender, DispatcherMetrics, CLOCK, Log],
      useFactory: (
        bus: MessageBus,
        keys: EnrolledKeys,
        sender: CommandSender,
        ...[metrics, clock, log]: [DispatcherMetrics, Clock, Log]
      ): RequestTools => ({ bus, keys, sender, metrics, clock, log }),
    },
    {
      provide: EnrolmentHandler,
      inject: [TOOLS, HostTroubles, RefusalNotes],
      useFactory: (tools: RequestTools, troubles: HostTroubles, notes: RefusalNotes) =>
        new EnrolmentHandler({ ...tools, troubles, notes }),
    },
    {
      provide: ReplyHandler,
      inject: [TOOLS, HostTroubles, RefusalNotes],
      useFactory: (tools: RequestTools, troubles: HostTroubles, notes: RefusalNotes) =>
        new ReplyHandler({ ...tools, troubles, notes, quota: new ReplyQuota() }),
    },
  ],
})
export class PuppetDispatcherModule {}
