import { Inject, Injectable } from '@nestjs/common';
import {
  BindingId,
  type ApplicationName,
  type EnvironmentName,
  type Evr,
  type Fleet,
} from '@gantry/contracts';
import {
  calendarFor,
  mayStart,
  ownEntry,
  whenWindowCloses,
  type ChangeTarget,
  type Hold,
  type OnesOverride,
  type RunningVerdict,
  type StartVerdict,
  type TimeRules,
} from '@gantry/domain';
import { CLOCK, type Clock } from '@gantry/service-kit';
import { FleetInForce } from '../fleet/fleet-in-force.js';
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
    const { rules, target } = await this.facts(fleet, change, override);
    return mayStart(rules, target, this.clock.now().toISOString());
  }

  /** Whether what runs already may take its next host. */
  async whileRunning(change: Change, override?: OnesOverride): Promise<RunningVerdict> {
    const fleet = await this.fleets.current();
    if (fleet === undefined) return { goOn: true };
    const { rules, target } = await this.facts(fleet, change, override);
    return whenWindowCloses(rules, target, this.clock.now().toISOString());
  }

  private async facts(
    fleet: Fleet,
    change: Change,
    override: OnesOverride | undefined,
  ): Promise<{ readonly rules: TimeRules; readonly target: ChangeTarget }> {
    const place = ownEntry(fleet.environments, change.environment);
    const pools = ownEntry(place?.applications ?? {}, change.application)?.pools ?? [];
    const rules = { calendar: calendarFor(fleet, change), holds: await this.holds(), override };
    return { rules, target: { ...change, pools } };
  }

  private async holds(): Promise<readonly Hold[]> {
    const streams = await this.active.notEndedBy('hold', ['hold.lifted', 'hold.expired']);
    const folded = await Promise.all(
      streams.map((stream) => this.streams.latest(holdAggregate, stream.slice('hold-'.length))),
    );
    return folded.flatMap(({ state }) => (state.status === 'placed' ? [state.hold] : []));
  }
}

/** What a person has named among the accepted codes as overridden: holds, freezes and windows by their names. */
export function overrideOf(
  accept: readonly string[],
  reason: string,
  by: string,
): OnesOverride | undefined {
  const of = accept.flatMap((code) => BindingId.safeParse(code).data ?? []);
  return of.length === 0 ? undefined : { of, reason, by };
}
