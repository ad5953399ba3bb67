import { Inject, Injectable } from '@nestjs/common';
import { buildKey, type ReleaseHold } from '@gantry/contracts';
import { calendarAt, calendarFor, type Travelling } from '@gantry/domain';
import { CLOCK, type Clock } from '@gantry/service-kit';
import { FleetInForce } from '../fleet/fleet-in-force.js';
import { buildAggregate } from '../streams/build.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';

/** What keeps a stage of a release from beginning: the build itself, or the calendar of its environment. */
@Injectable()
export class StageHold {
  constructor(
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(FleetInForce) private readonly fleets: FleetInForce,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of({ created, stage }: Travelling): Promise<ReleaseHold | undefined> {
    const environment = created.stages[Math.max(stage, 0)]?.environment;
    const fleet = await this.fleets.current();
    if (environment === undefined || fleet === undefined) return undefined;
    const held = await this.heldBuild(created);
    if (held !== undefined) return { rule: 'quarantine', detail: held };
    const now = this.clock.now().toISOString();
    for (const { application } of created.applications) {
      const calendar = calendarFor(fleet, { application, environment });
      const verdict = calendarAt(calendar.windows, calendar.freezes, now);
      if (verdict.open) continue;
      const until = verdict.opensAt === undefined ? {} : { until: verdict.opensAt };
      return { rule: verdict.rule, detail: `${environment} is ${verdict.detail}`, ...until };
    }
    return undefined;
  }

  private async heldBuild({
    applications,
    evr,
  }: Travelling['created']): Promise<string | undefined> {
    for (const { name } of applications.flatMap((a) => a.packages)) {
      const { state } = await this.streams.latest(buildAggregate, buildKey(name, evr));
      if (state.status === 'quarantined' || state.status === 'changed')
        return `${name}-${evr} is ${state.status}: ${state.note}. A named person can lift it: gantry lift-quarantine`;
    }
    return undefined;
  }
}
