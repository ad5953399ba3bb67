import { randomUUID } from 'node:crypto';
import { Controller, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  makeMessage,
  type AnyMessage,
  type DataOf,
  type Message,
  type StreamKey,
} from '@gantry/contracts';
import { OnFamily, runService, type KitConfig, type RunningService } from '@gantry/service-kit';

const heard: Message[] = [];

@Controller()
class HearingController {
  @OnFamily('lb.observations')
  hear(@Payload() message: Message): Promise<void> {
    heard.push(message);
    return Promise.resolve();
  }
}

@Module({ controllers: [HearingController] })
class HearingModule {}

/** Stands where the orchestrator stands: asks, and keeps every answer. */
export class AskingService {
  private constructor(private readonly service: RunningService) {
    heard.length = 0;
  }

  static async start(config: KitConfig): Promise<AskingService> {
    return new AskingService(
      await runService({
        name: 'orchestrator',
        config,
        module: HearingModule,
        families: ['lb.observations'],
        writeLog: () => undefined,
      }),
    );
  }

  /** Publishes a request in a group of its own host, as the relay does. */
  async ask<D extends AnyMessage>(
    definition: D,
    data: DataOf<D> & { readonly host?: string },
    subject: string,
  ): Promise<Message> {
    const id = randomUUID();
    const message = makeMessage(definition, data, {
      id,
      source: '/gantry/orchestrator',
      subject: subject as StreamKey,
      time: new Date().toISOString(),
      correlationid: id,
      causationid: id,
      actor: 'tester' as never,
    }) as Message;
    await this.service.bus.forward(message, { group: `${subject}/${data.host ?? ''}` });
    return message;
  }

  answers(requestId: string): readonly Message[] {
    return heard.filter(({ data }) => 'requestId' in data && data.requestId === requestId);
  }

  stop(): Promise<void> {
    return this.service.close();
  }
}
