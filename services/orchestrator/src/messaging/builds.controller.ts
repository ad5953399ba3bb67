import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { BuildGone, BuildObserved, type Message } from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { BuildGoneHandler } from '../handlers/build-gone.handler.js';
import { BuildHandler } from '../handlers/build.handler.js';

/** Topic builds: packages seen in repositories. */
@Controller()
export class BuildsController {
  constructor(
    @Inject(BuildHandler) private readonly handler: BuildHandler,
    @Inject(BuildGoneHandler) private readonly losses: BuildGoneHandler,
  ) {}

  @OnMessage(BuildObserved)
  observed(@Payload() message: Message<'build.observed'>): Promise<void> {
    return this.handler.observed(message);
  }

  @OnMessage(BuildGone)
  gone(@Payload() message: Message<'build.gone'>): Promise<void> {
    return this.losses.handle(message);
  }
}
