import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { LbStanding, type Message } from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { Standing } from '../standing/standing.js';
import { IntentWatch } from '../watch/intent-watch.js';

/** Plain topic gantry.lb.standing: what the log says of hosts. */
@Controller()
export class StandingController {
  constructor(
    private readonly standing: Standing,
    private readonly watch: IntentWatch,
  ) {}

  @OnMessage(LbStanding)
  heard(@Payload() message: Message<'lb.standing'>): Promise<void> {
    if (this.standing.hear(message)) this.watch.adopt(message.data.hosts);
    return Promise.resolve();
  }
}
