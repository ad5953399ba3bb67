import { Inject, Injectable } from '@nestjs/common';
import { LbEnabled, LbEnableFailed, type Message } from '@gantry/contracts';
import { BUS, Log, type MessageBus } from '@gantry/service-kit';
import { EnableProcedure, type EnableOutcome } from '../procedures/enable.procedure.js';
import { EpochFence } from '../procedures/epoch-fence.js';
import { superseded } from '../procedures/outcome.js';
import { IntentWatch } from '../watch/intent-watch.js';
import { InFlight } from './in-flight.js';

/** Puts a host back into service; one that cannot be put back is watched again, so that it stays out. */
@Injectable()
export class EnableHandler {
  private readonly running = new InFlight<EnableOutcome>();

  constructor(
    private readonly procedure: EnableProcedure,
    private readonly fence: EpochFence,
    private readonly watch: IntentWatch,
    @Inject(BUS) private readonly bus: MessageBus,
    private readonly log: Log,
  ) {}

  handle(message: Message<'lb.enable.requested'>): Promise<void> {
    return this.running.run(
      message.data.requestId,
      () => this.enable(message),
      (outcome) => this.answer(message, outcome),
    );
  }

  private async enable({ data }: Message<'lb.enable.requested'>): Promise<EnableOutcome> {
    const current = this.fence.claim(data.host, data.epoch);
    if (!current())
      return { outcome: 'failed', failure: superseded(data.host), keepOut: [], pools: [] };
    await this.watch.release(data.host);
    const out = this.fence.claimOut(data.host, data.epoch);
    const outcome = await this.procedure.run(data, current, out);
    if (outcome.outcome === 'enabled') this.fence.close(data.host, data.epoch);
    if (outcome.outcome === 'failed' && outcome.keepOut.length > 0 && current())
      this.watch.keepOut(data.host, outcome.keepOut, outcome.pools);
    return outcome;
  }

  private async answer(
    cause: Message<'lb.enable.requested'>,
    outcome: EnableOutcome,
  ): Promise<void> {
    const { requestId, host } = cause.data;
    const { pools } = outcome;
    if (outcome.outcome === 'enabled') {
      const { evidence } = outcome;
      await this.bus.publish(LbEnabled, { requestId, host, evidence, pools }, { cause });
      return;
    }
    const { kind, reason } = outcome.failure;
    this.log.warn('an enable failed', { requestId, host, kind, reason });
    const data = { requestId, host, kind, reason: reason.slice(0, 2_000), pools };
    await this.bus.publish(LbEnableFailed, data, { cause });
  }
}
