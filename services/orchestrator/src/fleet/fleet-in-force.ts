import { Inject, Injectable } from '@nestjs/common';
import type { Fleet, PipelineName } from '@gantry/contracts';
import { fleetAggregate } from '../streams/fleet.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';

/** The fleet as the log has it: the last file that was good. */
@Injectable()
export class FleetInForce {
  constructor(@Inject(StreamFolder) private readonly streams: StreamFolder) {}

  /** Undefined before the first good fleet file. */
  async current(): Promise<Fleet | undefined> {
    return (await this.streams.latest(fleetAggregate, 'main')).state.inForce?.fleet;
  }

  /** Since when the pipeline releases the packages that it releases now; undefined when there is none. */
  async releasingSince(pipeline: PipelineName): Promise<string | undefined> {
    const { state } = await this.streams.latest(fleetAggregate, 'main');
    return state.releasingSince.get(pipeline);
  }
}
