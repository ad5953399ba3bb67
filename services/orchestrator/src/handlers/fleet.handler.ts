import { Inject, Injectable } from '@nestjs/common';
import type { CommandReply, Message } from '@gantry/contracts';
import { fleetAggregate } from '../streams/fleet.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { causeOf } from './deployment-input.handler.js';
import { replyOf } from './reply.js';

/** People accept fleet changes. */
@Injectable()
export class FleetHandler {
  constructor(@Inject(StreamRunner) private readonly runner: StreamRunner) {}

  async acceptChange(message: Message<'fleet.accept-change'>): Promise<CommandReply> {
    const { type, data, actor: by } = message;
    const outcome = await this.runner.run(fleetAggregate, {
      id: 'main',
      input: { type, data, by },
      cause: causeOf(message),
    });
    return replyOf(outcome, 'fleet-main');
  }
}
