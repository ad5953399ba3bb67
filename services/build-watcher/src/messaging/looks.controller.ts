import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { LookForBuilds, type Message } from '@gantry/contracts';
import { Log, OnMessage } from '@gantry/service-kit';
import { WatchLoops } from '../watch/watch-loops.js';

/** Topic build.looks: somebody says that there may be something new. What there is, only the repository says. */
@Controller()
export class LooksController {
  constructor(
    @Inject(WatchLoops) private readonly loops: WatchLoops,
    private readonly log: Log,
  ) {}

  @OnMessage(LookForBuilds)
  look(@Payload() { data }: Message<'build.look'>): Promise<void> {
    if (!this.loops.lookNow(data.repository))
      this.log.warn('a look was asked for at a repository that is not watched', {
        repository: data.repository,
      });
    return Promise.resolve();
  }
}
