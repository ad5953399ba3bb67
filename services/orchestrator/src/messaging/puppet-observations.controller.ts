import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  PuppetHostSurveyed,
  PuppetVersionPublished,
  PuppetPublishFailed,
  PuppetRunWaiting,
  PuppetRunStarted,
  PuppetRunFinished,
  PuppetHealthObserved,
  PuppetRunStatus,
  type Message,
} from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { DeploymentInputHandler } from '../handlers/deployment-input.handler.js';

/** Topic puppet.observations: what hosts and publishers answered. */
@Controller()
export class PuppetObservationsController {
  constructor(@Inject(DeploymentInputHandler) private readonly handler: DeploymentInputHandler) {}

  @OnMessage(PuppetHostSurveyed)
  puppetHostSurveyed(@Payload() message: Message<'puppet.host.surveyed'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(PuppetVersionPublished)
  puppetVersionPublished(@Payload() message: Message<'puppet.version.published'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(PuppetPublishFailed)
  puppetPublishFailed(@Payload() message: Message<'puppet.publish.failed'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(PuppetRunWaiting)
  puppetRunWaiting(@Payload() message: Message<'puppet.run.waiting'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(PuppetRunStarted)
  puppetRunStarted(@Payload() message: Message<'puppet.run.started'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(PuppetRunFinished)
  puppetRunFinished(@Payload() message: Message<'puppet.run.finished'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(PuppetHealthObserved)
  puppetHealthObserved(@Payload() message: Message<'puppet.health.observed'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(PuppetRunStatus)
  puppetRunStatus(@Payload() message: Message<'puppet.run.status'>): Promise<void> {
    return this.handler.observed(message);
  }
}
