import type { Fleet, PackageName, PipelineName } from '@gantry/contracts';
import { entriesOf, ownEntry } from './fleet-placements.js';

/** Names of the packages that each pipeline releases. */
export const releasedPackages = (
  fleet: Fleet | undefined,
): ReadonlyMap<PipelineName, readonly PackageName[]> =>
  new Map(
    entriesOf(fleet?.pipelines ?? {}).map(([pipeline, { applications }]) => [
      pipeline,
      applications.flatMap((name) =>
        (ownEntry(fleet?.applications ?? {}, name)?.packages ?? []).map((p) => p.name),
      ),
    ]),
  );

/** Since when each pipeline of a fleet that comes into force at `at` releases what it releases: those that do so already keep their time. */
export function releasingSince(
  before: { readonly fleet: Fleet | undefined; readonly since: ReadonlyMap<PipelineName, string> },
  fleet: Fleet,
  at: string,
): ReadonlyMap<PipelineName, string> {
  const was = releasedPackages(before.fleet);
  return new Map(
    [...releasedPackages(fleet)].map(([pipeline, names]) => {
      const same = was.get(pipeline)?.join() === names.join();
      return [pipeline, (same ? before.since.get(pipeline) : undefined) ?? at];
    }),
  );
}
