import { Inject, Injectable } from '@nestjs/common';
import type { CommandReply, Message } from '@gantry/contracts';
import { FleetInForce } from '../fleet/fleet-in-force.js';
import { refreshAggregate } from '../streams/refresh.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { causeOf } from './deployment-input.handler.js';
import { replyOf } from './reply.js';

/** Puppet runs without a deployment are asked for. */
@Injectable()
export class RefreshRequestHandler {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(FleetInForce) private readonly fleets: FleetInForce,
  ) {}

  async handle(message: Message<'refresh.request'>): Promise<CommandReply> {
    const { data } = message;
    const fleet = await this.fleets.current();
    const placements = Object.values(fleet?.environments ?? {}).flatMap((e) =>
      Object.values(e.applications),
    );
    const knownHosts = new Set<string>(placements.flatMap((p) => p.hosts));
    const input = { type: 'refresh.request', data, knownHosts } as const;
    const outcome = await this.runner.run(refreshAggregate, {
      id: data.refreshId,
      input,
      cause: causeOf(message),
    });
    return replyOf(outcome, `refresh-${data.refreshId}`);
  }
}
