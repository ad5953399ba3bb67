import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { BuildObserved, type Message } from '@gantry/contracts';
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
}
