import { Controller } from '@nestjs/common';
import { HostLogLines, ServicePresence, type Message } from '@gantry/contracts';
import { OnFamily, OnMessage } from '@gantry/service-kit';
import { ServiceBook } from '../queries/service-book.js';
import { StreamRegistry } from './stream-registry.js';

/** What is heard live on the bus. Losing some of it delays a screen by two seconds and nothing else. */
@Controller()
export class LiveController {
  constructor(
    private readonly registry: StreamRegistry,
    private readonly services: ServiceBook,
  ) {}

  /** An event was appended to the log. */
  @OnFamily('log.events')
  appended(message: Message): Promise<void> {
    this.registry.news(message.subject);
    return Promise.resolve();
  }

  /** A host tells of its Puppet run. */
  @OnMessage(HostLogLines)
  story(message: Message<'host.log'>): Promise<void> {
    this.registry.story(message.data.stream, message.data);
    return Promise.resolve();
  }

  /** A service tells of itself. */
  @OnMessage(ServicePresence)
  present(message: Message<'service.presence'>): Promise<void> {
    this.services.hear(message.data);
    return Promise.resolve();
  }
}
