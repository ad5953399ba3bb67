import { Inject, Injectable } from '@nestjs/common';
import type { CommandReply, Message } from '@gantry/contracts';
import { attentionKeyOfTrouble, listenerId, troubleItem } from '@gantry/domain';
import { Log } from '@gantry/service-kit';
import { AttentionDesk } from '../attention/attention-desk.js';
import { FleetInForce } from '../fleet/fleet-in-force.js';
import { listenerAggregate } from '../streams/listener.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { causeOf } from './deployment-input.handler.js';
import { replyOf } from './reply.js';

/** Listeners themselves: what is wrong with them, and what a person does about it. */
@Injectable()
export class ListenerHandler {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(FleetInForce) private readonly fleets: FleetInForce,
    @Inject(AttentionDesk) private readonly desk: AttentionDesk,
    @Inject(Log) private readonly log: Log,
  ) {}

  async resync(message: Message<'listener.resync'>): Promise<CommandReply> {
    const { data } = message;
    const id = listenerId(data.host, data.role);
    const input = { type: 'listener.resync', data, known: await this.knows(data) } as const;
    const outcome = await this.runner.run(listenerAggregate, {
      id,
      input,
      cause: causeOf(message),
    });
    return replyOf(outcome, `listener-${id}`);
  }

  /** An answer of a listener, or a word about it. */
  async observed(message: Message<'puppet.host.resynced' | 'puppet.host.enrolled'>): Promise<void> {
    const { type, data } = message;
    const id = listenerId(data.host, data.role);
    const cause = causeOf(message);
    const outcome = await this.runner.run(listenerAggregate, { id, input: message, cause });
    if (outcome.outcome === 'ignored')
      this.log.log('observation ignored', { type, because: outcome.because });
  }

  async troubled({ data }: Message<'puppet.host.troubled'>): Promise<void> {
    await this.desk.open(troubleItem(data));
  }

  async recovered({ data }: Message<'puppet.host.recovered'>): Promise<void> {
    const key = attentionKeyOfTrouble(data.trouble, data.host, data.role);
    await this.desk.close(key, 'it has answered as it should');
  }

  /** What the fleet file does not name is nobody's to command, whatever keys are enrolled. */
  private async knows({ host, role }: Message<'listener.resync'>['data']): Promise<boolean> {
    const fleet = await this.fleets.current();
    if (fleet === undefined) return false;
    if (role === 'publisher') return Object.hasOwn(fleet.puppetServers, host);
    const placements = Object.values(fleet.environments).flatMap((e) =>
      Object.values(e.applications),
    );
    return placements.some((placement) => placement.hosts.includes(host));
  }
}
