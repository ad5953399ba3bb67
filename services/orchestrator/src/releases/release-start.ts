import { Inject, Injectable } from '@nestjs/common';
import {
  buildKey,
  type Application,
  type DataOf,
  type EnvironmentName,
  type Evr,
  type Fleet,
  type Pipeline,
  type ReleaseCreated,
} from '@gantry/contracts';
import { ownEntry, standingOf } from '@gantry/domain';
import { buildAggregate } from '../streams/build.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';

type Created = DataOf<typeof ReleaseCreated>;
/** What is missing, in plain words. */
export interface NotReady {
  readonly because: string;
}

/** What a release of a build would be, by the fleet and the builds as they are now. */
@Injectable()
export class ReleaseStart {
  constructor(@Inject(StreamFolder) private readonly streams: StreamFolder) {}

  /** Every package of every application of the pipeline must have been seen in this version. */
  async prepare(
    fleet: Fleet,
    pipeline: Created['pipeline'],
    {
      evr,
      skip,
      reason,
    }: Pick<Created, 'evr' | 'reason'> & { readonly skip: readonly EnvironmentName[] },
  ): Promise<Created | NotReady> {
    const way = ownEntry(fleet.pipelines ?? {}, pipeline);
    if (way === undefined) return { because: `there is no pipeline ${pipeline} in the fleet file` };
    const left = skip.filter((e) => !way.stages.some((s) => s.environment === e));
    if (left.length > 0) return { because: `no stage of ${pipeline} is ${left.join(', ')}` };
    if (way.stages.every((s) => skip.includes(s.environment)))
      return { because: 'every stage would be left out' };
    const seen: { readonly application: Created['applications'][number]; readonly at: string }[] =
      [];
    for (const name of way.applications) {
      const application = ownEntry(fleet.applications, name);
      const builds = application && (await this.builds(application, evr));
      if (builds === undefined || 'because' in builds)
        return builds ?? { because: `${name} is no application` };
      seen.push({
        application: { application: name, packages: [...builds.packages] },
        at: builds.at,
      });
    }
    return {
      pipeline,
      evr,
      reason,
      applications: seen.map((s) => s.application),
      stages: stagesOf(fleet, way, skip),
      targetMs: way.targetMs,
      publishedAt: seen.map((s) => s.at).reduce((a, b) => (a > b ? a : b)),
    };
  }

  private async builds(
    { packages }: Application,
    evr: Evr,
  ): Promise<
    | { readonly packages: Created['applications'][number]['packages']; readonly at: string }
    | NotReady
  > {
    const found: (Created['applications'][number]['packages'][number] & { at: string })[] = [];
    for (const { name } of packages) {
      const { state } = await this.streams.latest(buildAggregate, buildKey(name, evr));
      if (state.status === 'none')
        return { because: `${name}-${evr} was not seen in a repository` };
      const standing = standingOf(state);
      if (standing === 'gone') return { because: `${name}-${evr} is in no repository any more` };
      if (standing !== 'deployable')
        return { because: `${name}-${evr} is ${standing}: ${state.note}` };
      found.push({ name, sha256: state.sha256, at: state.seenAt });
    }
    const at = found.map((b) => b.at).reduce((a, b) => (a > b ? a : b));
    return { packages: found.map(({ name, sha256 }) => ({ name, sha256 })), at };
  }
}

const stagesOf = (
  fleet: Fleet,
  { stages }: Pipeline,
  skip: readonly EnvironmentName[],
): Created['stages'] =>
  stages.map(({ environment, start, before, after, watch, watchEveryMs, soakMs }) => ({
    environment,
    start,
    before: pinned(fleet, before),
    after: pinned(fleet, after),
    watch: pinned(fleet, watch),
    ...(watchEveryMs === undefined ? {} : { watchEveryMs }),
    soakMs,
    skipped: skip.includes(environment),
  }));

const pinned = (fleet: Fleet, names: Pipeline['stages'][number]['before']) =>
  names.flatMap((name) => {
    const spec = ownEntry(fleet.gates ?? {}, name);
    return spec === undefined ? [] : [{ name, spec }];
  });
