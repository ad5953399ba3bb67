import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { HostPresence, type Message } from '@gantry/contracts';
import { OnFamily, OnMessage } from '@gantry/service-kit';
import { ReadModelFollower } from '../feed/read-model.follower.js';
import { HostPresenceBook } from '../presence/host-presence.js';

/** Messages that only hint: the log grew, a host is alive. */
@Controller()
export class HintsController {
  constructor(
    @Inject(ReadModelFollower) private readonly follower: ReadModelFollower,
    @Inject(HostPresenceBook) private readonly presence: HostPresenceBook,
  ) {}

  @OnFamily('log.events')
  grew(@Payload() _message: Message): Promise<void> {
    this.follower.wake();
    return Promise.resolve();
  }

  /** The publisher beside a Puppet server speaks too; only the agent's listener says that the host can be reached. */
  @OnMessage(HostPresence)
  heard(@Payload() { data }: Message<'host.presence'>): Promise<void> {
    if (data.role === 'agent') this.presence.note(data.host, data.listenerVersion);
    return Promise.resolve();
  }
}
