import { Inject, Injectable } from '@nestjs/common';
import type { AttentionOpened, DataOf } from '@gantry/contracts';
import { attentionAggregate } from '../streams/attention.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';

/** Opens and closes attention items about the machine itself; what is so already changes nothing, on whatever replica. */
@Injectable()
export class AttentionDesk {
  constructor(@Inject(StreamRunner) private readonly runner: StreamRunner) {}

  async open(item: DataOf<typeof AttentionOpened>): Promise<void> {
    await this.runner.run(attentionAggregate, {
      id: item.key,
      input: { type: 'attention.open', item },
      cause: {},
    });
  }

  async close(key: string, because: string): Promise<void> {
    await this.runner.run(attentionAggregate, {
      id: key,
      input: { type: 'attention.close', item: { key, because } },
      cause: {},
    });
  }
}
