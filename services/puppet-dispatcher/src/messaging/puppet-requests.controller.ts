import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  PuppetPublishRequested,
  PuppetQueryRequested,
  PuppetRunRequested,
  PuppetSurveyRequested,
  type Message,
} from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { PublishHandler } from '../handlers/publish.handler.js';
import { QueryHandler } from '../handlers/query.handler.js';
import { RunHandler } from '../handlers/run.handler.js';
import { SurveyHandler } from '../handlers/survey.handler.js';

/** Requests that need hosts. Acknowledged when the broker has the signed command. */
@Controller()
export class PuppetRequestsController {
  constructor(
    private readonly survey: SurveyHandler,
    private readonly publish: PublishHandler,
    private readonly run: RunHandler,
    private readonly query: QueryHandler,
  ) {}

  @OnMessage(PuppetSurveyRequested)
  onSurvey(@Payload() message: Message<'puppet.survey.requested'>): Promise<void> {
    return this.survey.handle(message);
  }

  @OnMessage(PuppetPublishRequested)
  onPublish(@Payload() message: Message<'puppet.publish.requested'>): Promise<void> {
    return this.publish.handle(message);
  }

  @OnMessage(PuppetRunRequested)
  onRun(@Payload() message: Message<'puppet.run.requested'>): Promise<void> {
    return this.run.handle(message);
  }

  @OnMessage(PuppetQueryRequested)
  onQuery(@Payload() message: Message<'puppet.query.requested'>): Promise<void> {
    return this.query.handle(message);
  }
}
