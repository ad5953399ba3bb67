import { Inject, Injectable } from '@nestjs/common';
import { buildKey, type CommandReply, type Message } from '@gantry/contracts';
import { buildAggregate } from '../streams/build.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { causeOf } from './deployment-input.handler.js';
import { replyOf } from './reply.js';

/** Builds seen in repositories, and people lifting a quarantine. */
@Injectable()
export class BuildHandler {
  constructor(@Inject(StreamRunner) private readonly runner: StreamRunner) {}

  /** Whether it says something new. */
  async observed(message: Message<'build.observed'>): Promise<boolean> {
    const { data } = message;
    const { outcome } = await this.runner.run(buildAggregate, {
      id: buildKey(data.name, data.evr),
      input: { type: 'build.observed', data },
      cause: causeOf(message),
    });
    return outcome !== 'ignored';
  }

  async lift(message: Message<'build.lift-quarantine'>): Promise<CommandReply> {
    const { data } = message;
    const id = buildKey(data.name, data.evr);
    const outcome = await this.runner.run(buildAggregate, {
      id,
      input: { type: 'build.lift-quarantine', data },
      cause: causeOf(message),
    });
    return replyOf(outcome, `build-${id}`);
  }
}
