import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  LbDrainRequested,
  LbEnableRequested,
  LbSurveyRequested,
  type Message,
} from '@gantry/contracts';
import { CLOCK, OnMessage, type Clock } from '@gantry/service-kit';
import { StompContext } from '@gantry/stomp-transport';
import { DrainHandler } from '../handlers/drain.handler.js';
import { EnableHandler } from '../handlers/enable.handler.js';
import { SurveyHandler } from '../handlers/survey.handler.js';

/** From this age on, the turn that asked may be over. */
const OLD_MS = 60_000;

/** Requests to load balancers. A message is acknowledged when its procedure has ended and its answer is published. */
@Controller()
export class LbRequestsController {
  constructor(
    private readonly survey: SurveyHandler,
    private readonly drain: DrainHandler,
    private readonly enable: EnableHandler,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @OnMessage(LbSurveyRequested)
  onSurvey(@Payload() message: Message<'lb.survey.requested'>): Promise<void> {
    return this.survey.handle(message);
  }

  @OnMessage(LbDrainRequested)
  onDrain(
    @Payload() message: Message<'lb.drain.requested'>,
    @Ctx() context: StompContext,
  ): Promise<void> {
    const old = this.clock.now().getTime() - Date.parse(message.time) > OLD_MS;
    return this.drain.handle(message, { again: context.redelivered || context.attempt > 1 || old });
  }

  @OnMessage(LbEnableRequested)
  onEnable(@Payload() message: Message<'lb.enable.requested'>): Promise<void> {
    return this.enable.handle(message);
  }
}
