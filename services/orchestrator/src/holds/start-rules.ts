import { Inject, Injectable } from '@nestjs/common';
import type { ApplicationName, EnvironmentName, Evr } from '@gantry/contracts';
import {
  calendarFor,
  mayStart,
  type Hold,
  type OnesOverride,
  type StartVerdict,
} from '@gantry/domain';
import { CLOCK, type Clock } from '@gantry/service-kit';
import { FleetInForce } from '../fleet/fleet-in-force.js';
import { ownEntry } from '../fleet/fleet-placements.js';
import {
  ActiveStreamsRepository,
  type ActiveStreams,
} from '../persistence/active-streams.repository.js';
import { holdAggregate } from '../streams/hold.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';

/** What somebody wants to begin to change. */
export interface Change {
  readonly application: ApplicationName;
  readonly environment: EnvironmentName;
  readonly evr: Evr;
}

/** Whether a change may start now: windows and freezes of the fleet file, and what people have placed. The same for people and automation. */
@Injectable()
export class StartRules {
  constructor(
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(FleetInForce) private readonly fleets: FleetInForce,
    @Inject(ActiveStreamsRepository) private readonly active: ActiveStreams,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async verdict(change: Change, override?: OnesOverride): Promise<StartVerdict> {
    const fleet = await this.fleets.current();
    if (fleet === undefined) return { allowed: true, overridden: [] };
    const place = ownEntry(fleet.environments, change.environment);
    const pools = ownEntry(place?.applications ?? {}, change.application)?.pools ?? [];
    const rules = {
      calendar: calendarFor(fleet, change),
      holds: await this.holds(),
      override,
    };
    return mayStart(rules, { ...change, pools }, this.clock.now().toISOString());
  }

  private async holds(): Promise<readonly Hold[]> {
    const streams = await this.active.notEndedBy('hold', ['hold.lifted', 'hold.expired']);
    const folded = await Promise.all(
      streams.map((stream) => this.streams.latest(holdAggregate, stream.slice('hold-'.length))),
    );
    return folded.flatMap(({ state }) => (state.status === 'placed' ? [state.hold] : []));
  }
}
