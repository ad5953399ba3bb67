import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { LiftHold, PlaceHold, type CommandReply, type Message } from '@gantry/contracts';
import { OnRequest } from '@gantry/service-kit';
import { HoldHandler } from '../handlers/hold.handler.js';

/** Topic deployment.commands: what people hold back, and let go. */
@Controller()
export class HoldsController {
  constructor(@Inject(HoldHandler) private readonly holds: HoldHandler) {}

  @OnRequest(PlaceHold)
  place(@Payload() message: Message<'hold.place'>): Promise<CommandReply> {
    return this.holds.place(message);
  }

  @OnRequest(LiftHold)
  lift(@Payload() message: Message<'hold.lift'>): Promise<CommandReply> {
    return this.holds.lift(message);
  }
}
