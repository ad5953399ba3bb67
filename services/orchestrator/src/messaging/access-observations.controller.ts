import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { AccessRefusalObserved, type Message } from '@gantry/contracts';
import { CLOCK, OnMessage, type Clock } from '@gantry/service-kit';
import { causeOf } from '../handlers/deployment-input.handler.js';
import { accessAggregate } from '../streams/record.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';

/** Topic access.observations: what services have refused goes on record, a stream for each day. */
@Controller()
export class AccessObservationsController {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @OnMessage(AccessRefusalObserved)
  async refused(@Payload() message: Message<'access.refusal-observed'>): Promise<void> {
    const id = this.clock.now().toISOString().slice(0, 10);
    await this.runner.run(accessAggregate, { id, input: message.data, cause: causeOf(message) });
  }
}
