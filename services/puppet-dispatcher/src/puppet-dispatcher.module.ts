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
import { PublishHandler } from './handlers/publish.handler.js';
import { QueryHandler } from './handlers/query.handler.js';
import { ReplyHandler } from './handlers/reply.handler.js';
import { RunHandler, type RequestTools } from './handlers/run.handler.js';
import { SurveyHandler } from './handlers/survey.handler.js';
import { HostRepliesController } from './messaging/host-replies.controller.js';
import { PuppetRequestsController } from './messaging/puppet-requests.controller.js';
import { CommandSigner } from './security/command-signer.js';
import { EnrolledKeys } from './security/enrolled-keys.js';

const TOOLS = Symbol('dispatcher.request-tools');
const handler = <T>(type: new (tools: RequestTools) => T) => ({
  provide: type,
  inject: [TOOLS],
  useFactory: (tools: RequestTools) => new type(tools),
});

/** Wiring of puppet-dispatcher. */
@Module({
  controllers: [PuppetRequestsController, HostRepliesController],
  providers: [
    RefusalNotes,
    handler(RunHandler),
    handler(SurveyHandler),
    handler(QueryHandler),
    handler(PublishHandler),
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
      provide: ReplyHandler,
      inject: [BUS, EnrolledKeys, DispatcherMetrics, Log, RefusalNotes],
      useFactory: (
        bus: MessageBus,
        keys: EnrolledKeys,
        metrics: DispatcherMetrics,
        ...[log, notes]: [Log, RefusalNotes]
      ) => new ReplyHandler(bus, keys, metrics, log, notes),
    },
  ],
})
export class PuppetDispatcherModule {}
