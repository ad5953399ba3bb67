import { Inject, Injectable } from '@nestjs/common';
import type { Fleet } from '@gantry/contracts';
import { fleetAggregate } from '../streams/fleet.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';

/** The fleet as the log has it: the last file that was good. */
@Injectable()
export class FleetInForce {
  constructor(@Inject(StreamRunner) private readonly runner: StreamRunner) {}

  /** Undefined before the first good fleet file. */
  async current(): Promise<Fleet | undefined> {
    return (await this.runner.stateOf(fleetAggregate, 'main')).state.inForce?.fleet;
  }
}
