import { randomUUID } from 'node:crypto';
import { Controller, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  LB_STANDING_TOPIC,
  LbStanding,
  makeMessage,
  type AnyMessage,
  type DataOf,
  type HostStanding,
  type Message,
  type StreamKey,
} from '@gantry/contracts';
import { OnFamily, runService, type KitConfig, type RunningService } from '@gantry/service-kit';

const heard: Message[] = [];
const standings = new Map<string, HostStanding>();
const TELL_MS = 200;

const stands = (host: string, standing: HostStanding['standing']): void => {
  const known = standings.get(host);
  if (known !== undefined) standings.set(host, { ...known, standing });
};

@Controller()
class HearingController {
  @OnFamily('lb.observations')
  hear(@Payload() message: Message): Promise<void> {
    heard.push(message);
    if (message.type === 'lb.drained') stands(message.data.host, 'out');
    if (message.type === 'lb.enabled') stands(message.data.host, 'in');
    return Promise.resolve();
  }
}

@Module({ controllers: [HearingController] })
class HearingModule {}

/** Stands where the orchestrator stands: asks, keeps every answer, and tells where hosts stand. */
export class AskingService {
  private readonly telling: NodeJS.Timeout;

  private constructor(private readonly service: RunningService) {
    heard.length = 0;
    standings.clear();
    this.telling = setInterval(() => void this.tell().catch(() => undefined), TELL_MS);
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
    if (message.type === 'lb.drain.requested' || message.type === 'lb.enable.requested') {
      const { host, epoch, memberships } = message.data;
      const standing = message.type === 'lb.drain.requested' ? 'asked-out' : 'asked-in';
      this.says({ host, epoch, standing, memberships });
    }
    await this.service.bus.forward(message, { group: `${subject}/${data.host ?? ''}` });
    return message;
  }

  answers(requestId: string): readonly Message[] {
    return heard.filter(({ data }) => 'requestId' in data && data.requestId === requestId);
  }

  /** From now on the log says this of the host. */
  says(standing: HostStanding): void {
    standings.set(standing.host, standing);
  }

  stop(): Promise<void> {
    clearInterval(this.telling);
    return this.service.close();
  }

  private tell(): Promise<void> {
    const hosts = [...standings.values()];
    const options = { destination: LB_STANDING_TOPIC, persistent: false };
    return this.service.bus.publish(LbStanding, { hosts }, options);
  }
}
