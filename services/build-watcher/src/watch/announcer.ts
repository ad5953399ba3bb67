import { BuildGone, BuildObserved, buildKey, StreamKey } from '@gantry/contracts';
import type { MessageBus } from '@gantry/service-kit';
import type { Artifact } from '../metadata/artifact.js';
import { nevraOf, type SeenBuild } from '../metadata/seen.js';

/** What one view lists of one package, version and architecture: more than one entry if it contradicts itself. */
export type Sighting = readonly [Artifact, ...Artifact[]];

/** A sighting to look at. */
export interface Due {
  readonly sighting: Sighting;
  readonly isNews: boolean;
}

/** Tells of builds, and remembers of which it told, so that nobody hears the same every few seconds. */
export class Announcer {
  private readonly told = new Map<string, string>();

  constructor(
    private readonly repository: string,
    private readonly bus: Pick<MessageBus, 'publish'>,
  ) {}

  /** What has to be looked at: news, which is new builds and builds whose content is another; then the newest of what was told. */
  due(artifacts: readonly Artifact[]): readonly Due[] {
    const all = sightingsOf(artifacts).map((sighting) => ({
      sighting,
      isNews: this.told.get(nevraOf(sighting[0])) !== contentOf(sighting),
    }));
    return [...all.filter((due) => due.isNews), ...newest(all.filter((due) => !due.isNews))];
  }

  async observed(sighting: Sighting): Promise<void> {
    for (const artifact of sighting)
      await this.publish(() =>
        this.bus.publish(BuildObserved, artifact, { subject: subjectOf(artifact) }),
      );
    const [first] = sighting;
    this.told.set(nevraOf(first), contentOf(sighting));
  }

  async gone({ name, evr, arch, sha256 }: SeenBuild): Promise<void> {
    const build = { repository: this.repository, name, evr, arch, sha256 };
    await this.publish(() => this.bus.publish(BuildGone, build, { subject: subjectOf(build) }));
    this.told.delete(nevraOf(build));
  }

  /** Everything is news again. */
  forget(): void {
    this.told.clear();
  }

  /** What was confirmed before a failure may be lost with the broker: consumers are idempotent, so all of it again. */
  private async publish(send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      this.forget();
      throw error;
    }
  }
}

const contentOf = (sighting: Sighting): string =>
  [...new Set(sighting.map(({ sha256 }) => sha256))].sort().join(' ');

const subjectOf = ({ name, evr }: SeenBuild): StreamKey =>
  StreamKey.parse(`build-${buildKey(name, evr)}`);

/** How many builds of a package are looked at again at every look: what is deployed, or gone back to, is among the newest. */
const NEWEST = 20;

function newest(known: readonly Due[]): readonly Due[] {
  const counts = new Map<string, number>();
  const builtAt = ({ sighting: [{ builtAt: at }] }: Due): number => Date.parse(at);
  return [...known]
    .sort((a, b) => builtAt(b) - builtAt(a))
    .filter(({ sighting: [{ name }] }) => {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return count <= NEWEST;
    });
}

function sightingsOf(artifacts: readonly Artifact[]): readonly Sighting[] {
  const sightings = new Map<string, [Artifact, ...Artifact[]]>();
  for (const artifact of artifacts) {
    const others = sightings.get(nevraOf(artifact));
    if (others) others.push(artifact);
    else sightings.set(nevraOf(artifact), [artifact]);
  }
  return [...sightings.values()];
}
