import { Controller, Inject, Injectable, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  SERVICE_PRESENCE_TOPIC,
  ServicePresence,
  LbDrained,
  LbDrainFailed,
  PauseDeployment,
  type Message,
} from '@gantry/contracts';
import { StompContext } from '@gantry/stomp-transport';
import {
  currentLogContext,
  GantryError,
  OnFamily,
  OnMessage,
  OnRequest,
  rawBody,
  type LogContext,
} from '../src/index.js';

/** What the tiny service saw, and how it is to behave. */
@Injectable()
export class Seen {
  readonly drained: {
    message: Message;
    body: string;
    headers: Record<string, string>;
    context: LogContext;
  }[] = [];
  readonly family: Message[] = [];
  readonly presence: Message[] = [];
  attempts = 0;
  paused = 0;
  failuresBeforeSuccess = 0;
}

@Controller()
class TinyController {
  constructor(@Inject(Seen) private readonly seen: Seen) {}

  @OnMessage(LbDrained)
  drained(@Payload() message: Message<'lb.drained'>, @Ctx() context: StompContext): Promise<void> {
    this.seen.drained.push({
      message,
      body: rawBody(context).toString('utf8'),
      headers: { ...context.headers },
      context: currentLogContext(),
    });
    return Promise.resolve();
  }

  @OnMessage(LbDrainFailed)
  failing(@Payload() _message: Message<'lb.drain.failed'>): Promise<void> {
    this.seen.attempts += 1;
    const kind = this.seen.attempts > this.seen.failuresBeforeSuccess ? 'rejected' : 'unavailable';
    return Promise.reject(new GantryError(kind, 'tiny.refused', 'The tiny service refuses it.'));
  }

  @OnRequest(PauseDeployment)
  answer(@Payload() message: Message<'deployment.pause'>): Promise<unknown> {
    this.seen.paused += 1;
    const { deploymentId } = message.data;
    if (deploymentId.startsWith('0')) {
      return Promise.reject(
        new GantryError('not-found', 'tiny.no-such', 'No such deployment.', {
          details: { deploymentId },
        }),
      );
    }
    return Promise.resolve({ found: deploymentId, askedBy: message.actor });
  }

  @OnFamily('builds')
  anything(@Payload() message: Message): Promise<void> {
    this.seen.family.push(message);
    return Promise.resolve();
  }

  @OnMessage(ServicePresence)
  heard(@Payload() message: Message<'service.presence'>): Promise<void> {
    this.seen.presence.push(message);
    return Promise.resolve();
  }
}

/** A service that does nothing useful, for trying the kit on a real broker. */
@Module({ controllers: [TinyController], providers: [Seen] })
export class TinyModule {}

export const PLAIN_TOPICS = [SERVICE_PRESENCE_TOPIC];

/** A service that only speaks. */
@Module({})
export class SpeakingModule {}
