import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { BuildGone, BuildObserved, type Message } from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { BuildHandler } from '../handlers/build.handler.js';

/** Topic builds: packages seen in repositories. */
@Controller()
export class BuildsController {
  constructor(@Inject(BuildHandler) private readonly handler: BuildHandler) {}

  @OnMessage(BuildObserved)
  observed(@Payload() message: Message<'build.observed'>): Promise<void> {
    return this.handler.observed(message);
  }

  /** Taken from the queue so that it is not parked; no rule asks yet whether a build that was seen is still listed. */
  @OnMessage(BuildGone)
  gone(): Promise<void> {
    return Promise.resolve();
  }
}
