import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { AcceptFleetChange, type CommandReply, type Message } from '@gantry/contracts';
import { OnRequest } from '@gantry/service-kit';
import { FleetHandler } from '../handlers/fleet.handler.js';

/** Topic deployment.commands: fleet changes that people accept. */
@Controller()
export class FleetController {
  constructor(@Inject(FleetHandler) private readonly fleet: FleetHandler) {}

  @OnRequest(AcceptFleetChange)
  acceptChange(@Payload() message: Message<'fleet.accept-change'>): Promise<CommandReply> {
    return this.fleet.acceptChange(message);
  }
}
