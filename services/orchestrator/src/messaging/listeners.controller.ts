import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  PuppetHostEnrolled,
  PuppetHostRecovered,
  PuppetHostResynced,
  PuppetHostTroubled,
  ResyncListener,
  type CommandReply,
  type Message,
} from '@gantry/contracts';
import { OnMessage, OnRequest } from '@gantry/service-kit';
import { ListenerHandler } from '../handlers/listener.handler.js';

/** Topics deployment.commands and puppet.observations: what concerns a listener itself, whatever it was asked. */
@Controller()
export class ListenersController {
  constructor(@Inject(ListenerHandler) private readonly listeners: ListenerHandler) {}

  @OnRequest(ResyncListener)
  resync(@Payload() message: Message<'listener.resync'>): Promise<CommandReply> {
    return this.listeners.resync(message);
  }

  @OnMessage(PuppetHostResynced)
  resynced(@Payload() message: Message<'puppet.host.resynced'>): Promise<void> {
    return this.listeners.observed(message);
  }

  @OnMessage(PuppetHostEnrolled)
  enrolled(@Payload() message: Message<'puppet.host.enrolled'>): Promise<void> {
    return this.listeners.observed(message);
  }

  @OnMessage(PuppetHostTroubled)
  troubled(@Payload() message: Message<'puppet.host.troubled'>): Promise<void> {
    return this.listeners.troubled(message);
  }

  @OnMessage(PuppetHostRecovered)
  recovered(@Payload() message: Message<'puppet.host.recovered'>): Promise<void> {
    return this.listeners.recovered(message);
  }
}
