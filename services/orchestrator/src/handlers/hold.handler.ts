import { Inject, Injectable } from '@nestjs/common';
import type { CommandReply, Fleet, Message } from '@gantry/contracts';
import type { HoldInput, KnownNames } from '@gantry/domain';
import { urgently } from '@gantry/event-log';
import { FleetInForce } from '../fleet/fleet-in-force.js';
import { holdAggregate } from '../streams/hold.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { causeOf } from './deployment-input.handler.js';
import { replyOf } from './reply.js';

/** People place holds and lift them. */
@Injectable()
export class HoldHandler {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(FleetInForce) private readonly fleets: FleetInForce,
  ) {}

  /** Stopping the line does not wait behind ordinary work. */
  place(message: Message<'hold.place'>): Promise<CommandReply> {
    const { data, actor } = message;
    return urgently(async () => {
      const known = namesIn(await this.fleets.current());
      return this.run(message, { type: 'hold.place', data, by: actor, known });
    });
  }

  lift(message: Message<'hold.lift'>): Promise<CommandReply> {
    const { data, actor } = message;
    return this.run(message, { type: 'hold.lift', data, by: actor });
  }

  private async run(
    message: Message<'hold.place' | 'hold.lift'>,
    input: HoldInput,
  ): Promise<CommandReply> {
    const id = message.data.holdId;
    const outcome = await this.runner.run(holdAggregate, { id, input, cause: causeOf(message) });
    return replyOf(outcome, `hold-${id}`);
  }
}

const namesIn = (fleet: Fleet | undefined): KnownNames => ({
  applications: new Set(Object.keys(fleet?.applications ?? {})),
  environments: new Set(Object.keys(fleet?.environments ?? {})),
  pools: new Set(Object.keys(fleet?.pools ?? {})),
});
