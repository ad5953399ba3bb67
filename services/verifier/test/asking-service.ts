import { randomUUID } from 'node:crypto';
import { Controller, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  GateCancelRequested,
  GateRequested,
  GateSpec,
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
  @OnFamily('gate.observations')
  hear(@Payload() message: Message): Promise<void> {
    heard.push(message);
    return Promise.resolve();
  }
}

@Module({ controllers: [HearingController] })
class HearingModule {}

/** Stands where the orchestrator stands: asks, and keeps every answer. */
export class AskingService {
  readonly subject = `release-${randomUUID()}`;

  private constructor(private readonly service: RunningService) {
    heard.length = 0;
  }

  static async start(config: KitConfig): Promise<AskingService> {
    return new AskingService(
      await runService({
        name: 'orchestrator',
        config,
        module: HearingModule,
        families: ['gate.observations'],
        writeLog: () => undefined,
      }),
    );
  }

  async ask(spec: object, gateRunId: string = randomUUID()): Promise<string> {
    const subject = {
      application: 'shop',
      environment: 'test',
      build: { name: 'shop', evr: '1-1' },
    };
    const data = { gateRunId, gate: 'the-gate', spec: GateSpec.parse(spec), subject };
    await this.send(GateRequested, data as never);
    return gateRunId;
  }

  cancel(gateRunId: string): Promise<void> {
    return this.send(GateCancelRequested, { gateRunId, reason: 'superseded' });
  }

  /** What was heard of a run, oldest first. */
  answers<T extends 'gate.started' | 'gate.finished'>(gateRunId: string, type: T): Message<T>[] {
    return heard.filter(
      (message) =>
        message.type === type && (message.data as { gateRunId: string }).gateRunId === gateRunId,
    ) as Message<T>[];
  }

  get everything(): string {
    return JSON.stringify(heard);
  }

  stop(): Promise<void> {
    return this.service.close();
  }

  /** In groups, as the relay has them. */
  private async send<D extends AnyMessage>(
    definition: D,
    data: DataOf<D> & { readonly gateRunId: string },
  ): Promise<void> {
    const id = randomUUID();
    const message = makeMessage(definition, data, {
      id,
      source: '/gantry/orchestrator',
      subject: this.subject as StreamKey,
      time: new Date().toISOString(),
      correlationid: id,
      causationid: id,
      actor: 'tester' as never,
    }) as Message;
    const group = `${this.subject}/${data.gateRunId}/${definition.type}`;
    await this.service.bus.forward(message, { group });
  }
}
