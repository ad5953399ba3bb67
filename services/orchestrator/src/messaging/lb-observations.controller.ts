import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  LbPoolsSurveyed,
  LbDrained,
  LbDrainFailed,
  LbEnabled,
  LbEnableFailed,
  type Message,
} from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { DeploymentInputHandler } from '../handlers/deployment-input.handler.js';

/** Topic lb.observations: what load balancers showed. */
@Controller()
export class LbObservationsController {
  constructor(@Inject(DeploymentInputHandler) private readonly handler: DeploymentInputHandler) {}

  @OnMessage(LbPoolsSurveyed)
  lbPoolsSurveyed(@Payload() message: Message<'lb.pools.surveyed'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(LbDrained)
  lbDrained(@Payload() message: Message<'lb.drained'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(LbDrainFailed)
  lbDrainFailed(@Payload() message: Message<'lb.drain.failed'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(LbEnabled)
  lbEnabled(@Payload() message: Message<'lb.enabled'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(LbEnableFailed)
  lbEnableFailed(@Payload() message: Message<'lb.enable.failed'>): Promise<void> {
    return this.handler.observed(message);
  }
}
