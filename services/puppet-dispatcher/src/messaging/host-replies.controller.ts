import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  DesiredVersionPublished,
  DesiredVersionRefused,
  HostCommandRefused,
  HostFactsReported,
  HostHealthObserved,
  HostKeySeen,
  HostResynced,
  HostRunFinished,
  HostRunStarted,
  HostRunStatus,
  HostRunWaiting,
  type Message,
} from '@gantry/contracts';
import { OnMessage, rawBody } from '@gantry/service-kit';
import { StompContext } from '@gantry/stomp-transport';
import { EnrolmentHandler } from '../handlers/enrolment.handler.js';
import type { HostReply } from '../handlers/observation.js';
import { ReplyHandler } from '../handlers/reply.handler.js';

/** Replies of listeners: each becomes an observation if its signature is good. */
@Controller()
export class HostRepliesController {
  constructor(
    private readonly replies: ReplyHandler,
    private readonly enrolment: EnrolmentHandler,
  ) {}

  @OnMessage(HostRunWaiting)
  onWaiting(
    @Payload() message: Message<'host.run.waiting'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(HostRunStarted)
  onStarted(
    @Payload() message: Message<'host.run.started'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(HostRunFinished)
  onFinished(
    @Payload() message: Message<'host.run.finished'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(HostHealthObserved)
  onHealth(
    @Payload() message: Message<'host.health.observed'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(HostRunStatus)
  onStatus(
    @Payload() message: Message<'host.run.status'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(HostFactsReported)
  onFacts(
    @Payload() message: Message<'host.facts.reported'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(DesiredVersionPublished)
  onPublished(
    @Payload() message: Message<'desired.version.published'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(DesiredVersionRefused)
  onRefused(
    @Payload() message: Message<'desired.version.refused'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(HostResynced)
  onResynced(
    @Payload() message: Message<'host.resynced'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(HostCommandRefused)
  onCommandRefused(
    @Payload() message: Message<'host.command.refused'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.take(message, context);
  }

  @OnMessage(HostKeySeen)
  onKeySeen(
    @Payload() message: Message<'host.key.seen'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    return this.enrolment.handle(message, rawBody(context), context.headers);
  }

  private take(message: HostReply, context: StompContext): Promise<void> {
    const arrived = { message, body: rawBody(context), headers: context.headers };
    return this.replies.handle(arrived);
  }
}
