import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  PuppetPublishRequested,
  PuppetQueryRequested,
  PuppetResyncRequested,
  PuppetRunRequested,
  PuppetSurveyRequested,
  type Message,
} from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { RequestGate } from '../handlers/request-gate.js';
import { RequestHandlers } from '../handlers/request-handlers.js';

/** Requests that need hosts. Acknowledged when the broker has the signed command. */
@Controller()
export class PuppetRequestsController {
  constructor(
    private readonly gate: RequestGate,
    private readonly handlers: RequestHandlers,
  ) {}

  @OnMessage(PuppetSurveyRequested)
  onSurvey(@Payload() message: Message<'puppet.survey.requested'>): Promise<void> {
    return this.gate.pass(message, (admitted) => this.handlers.survey.handle(admitted));
  }

  @OnMessage(PuppetPublishRequested)
  onPublish(@Payload() message: Message<'puppet.publish.requested'>): Promise<void> {
    return this.gate.pass(message, (admitted) => this.handlers.publish.handle(admitted));
  }

  @OnMessage(PuppetRunRequested)
  onRun(@Payload() message: Message<'puppet.run.requested'>): Promise<void> {
    return this.gate.pass(message, (admitted) => this.handlers.run.handle(admitted));
  }

  @OnMessage(PuppetQueryRequested)
  onQuery(@Payload() message: Message<'puppet.query.requested'>): Promise<void> {
    return this.gate.pass(message, (admitted) => this.handlers.query.handle(admitted));
  }

  @OnMessage(PuppetResyncRequested)
  onResync(@Payload() message: Message<'puppet.resync.requested'>): Promise<void> {
    return this.gate.pass(message, (admitted) => this.handlers.resync.handle(admitted));
  }
}
