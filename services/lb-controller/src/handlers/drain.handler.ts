import { Inject, Injectable } from '@nestjs/common';
import { LbDrained, LbDrainFailed, type Message } from '@gantry/contracts';
import { BUS, Log, type MessageBus } from '@gantry/service-kit';
import { DrainProcedure, type DrainOutcome } from '../procedures/drain.procedure.js';
import { EpochFence } from '../procedures/epoch-fence.js';
import { superseded } from '../procedures/outcome.js';
import { IntentWatch } from '../watch/intent-watch.js';
import { Answered } from './answered.js';
import { InFlight } from './in-flight.js';

/** Takes a host out, and from then on sees that it stays out. */
@Injectable()
export class DrainHandler {
  private readonly running = new InFlight<DrainOutcome>();
  private readonly refused = new Answered<DrainOutcome>();

  constructor(
    private readonly procedure: DrainProcedure,
    private readonly fence: EpochFence,
    private readonly watch: IntentWatch,
    @Inject(BUS) private readonly bus: MessageBus,
    private readonly log: Log,
  ) {}

  handle(
    message: Message<'lb.drain.requested'>,
    { again }: { readonly again: boolean },
  ): Promise<void> {
    return this.running.run(
      message.data.requestId,
      () => this.drain(message, again),
      (outcome) => this.answer(message, outcome),
    );
  }

  private async drain(
    { data }: Message<'lb.drain.requested'>,
    again: boolean,
  ): Promise<DrainOutcome> {
    const answered = this.refused.get(data.requestId);
    if (answered !== undefined) return answered;
    const current = this.fence.claimOut(data.host, data.epoch);
    if (!current()) {
      return { outcome: 'failed', failure: superseded(data.host), restored: !again, pools: [] };
    }
    await this.watch.release(data.host);
    const outcome = await this.procedure.run(data, current, again);
    if (outcome.outcome === 'failed') this.refused.keep(data.requestId, outcome);
    if (outcome.outcome === 'drained' && current())
      this.watch.keepOut(data.host, data.memberships, outcome.pools);
    return outcome;
  }

  private async answer(cause: Message<'lb.drain.requested'>, outcome: DrainOutcome): Promise<void> {
    const { requestId, host } = cause.data;
    const { pools } = outcome;
    if (outcome.outcome === 'drained') {
      const { evidence } = outcome;
      await this.bus.publish(LbDrained, { requestId, host, evidence, pools }, { cause });
      return;
    }
    const { failure, restored } = outcome;
    this.log.warn('a drain failed', { requestId, host, ...failure, restored });
    const reason = failure.reason.slice(0, 2_000);
    const data = { requestId, host, kind: failure.kind, reason, restored, pools };
    await this.bus.publish(LbDrainFailed, data, { cause });
  }
}
