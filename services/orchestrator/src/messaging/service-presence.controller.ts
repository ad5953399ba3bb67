import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ServicePresence, type Message } from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { ServiceWatch } from '../services/service-watch.js';

/** Plain topic gantry.service.presence: services tell of themselves. */
@Controller()
export class ServicePresenceController {
  constructor(@Inject(ServiceWatch) private readonly watch: ServiceWatch) {}

  @OnMessage(ServicePresence)
  heard(@Payload() message: Message<'service.presence'>): Promise<void> {
    this.watch.hear(message.data);
    return Promise.resolve();
  }
}
