import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { BuildGone, BuildObserved, type Message } from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { BuildGoneHandler } from '../handlers/build-gone.handler.js';
import { BuildHandler } from '../handlers/build.handler.js';
import { ReleaseHandler } from '../releases/release.handler.js';

/** Topic builds: packages seen in repositories. */
@Controller()
export class BuildsController {
  constructor(
    @Inject(BuildHandler) private readonly handler: BuildHandler,
    @Inject(BuildGoneHandler) private readonly losses: BuildGoneHandler,
    @Inject(ReleaseHandler) private readonly releases: Pick<ReleaseHandler, 'seenAgain'>,
  ) {}

  @OnMessage(BuildObserved)
  async observed(@Payload() message: Message<'build.observed'>): Promise<void> {
    const isNew = await this.handler.observed(message);
    if (!isNew) await this.releases.seenAgain(message);
  }

  @OnMessage(BuildGone)
  gone(@Payload() message: Message<'build.gone'>): Promise<void> {
    return this.losses.handle(message);
  }
}
