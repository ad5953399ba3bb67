import { Inject, Injectable } from '@nestjs/common';
import { buildKey, type ReleaseHold } from '@gantry/contracts';
import type { Travelling } from '@gantry/domain';
import { StartRules } from '../holds/start-rules.js';
import { buildAggregate } from '../streams/build.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';

/** What keeps a stage of a release from beginning: the build itself, or what holds its environment back. */
@Injectable()
export class StageHold {
  constructor(
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(StartRules) private readonly rules: Pick<StartRules, 'verdict'>,
  ) {}

  async of({ created, stage }: Travelling): Promise<ReleaseHold | undefined> {
    const environment = created.stages[Math.max(stage, 0)]?.environment;
    if (environment === undefined) return undefined;
    const held = await this.heldBuild(created);
    if (held !== undefined) return { rule: 'quarantine', detail: held };
    for (const { application } of created.applications) {
      const verdict = await this.rules.verdict({ application, environment, evr: created.evr });
      if (verdict.allowed) continue;
      const { rule, what, who, notBefore } = verdict;
      const until = notBefore === undefined ? {} : { until: notBefore };
      return { rule, detail: `${what}, by ${who}`.slice(0, 1_000), ...until };
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
