import { isGantryError, type Log } from '@gantry/service-kit';
import type { PackageInspector } from '../inspection/package-inspector.js';
import type { Artifact } from '../metadata/artifact.js';
import type { Sighting } from './announcer.js';

/** What looks into packages; without an inspector nobody does, for the repository names no package keys. */
export interface Inspecting {
  readonly repository: string;
  readonly inspector?: Pick<PackageInspector, 'inspect'> | undefined;
  readonly log: Pick<Log, 'warn'>;
}

/** A sighting with what was found in its packages; undefined while that cannot be known, and then nothing is told of it. */
export async function inspectedSighting(
  sighting: Sighting,
  { repository, inspector, log }: Inspecting,
): Promise<Sighting | undefined> {
  if (inspector === undefined) return sighting;
  const [first, ...others] = sighting;
  try {
    const rest: Artifact[] = [];
    const head = await inspector.inspect(first);
    for (const other of others) rest.push(await inspector.inspect(other));
    return [head, ...rest];
  } catch (error) {
    // Keys or programs that are missing are missing for all: said once, by whoever looks.
    if (isGantryError(error) && error.kind === 'config') throw error;
    if (error instanceof Error && error.name === 'AbortError') return undefined;
    const { name, evr } = first;
    log.warn('package not announced: it cannot be inspected now', { repository, name, evr, error });
    return undefined;
  }
}
