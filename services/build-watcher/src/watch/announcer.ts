import { BuildGone, BuildObserved, buildKey, StreamKey } from '@gantry/contracts';
import type { MessageBus } from '@gantry/service-kit';
import type { Artifact } from '../metadata/artifact.js';
import { nevraOf, type SeenBuild } from '../metadata/seen.js';

/** What one view lists of one package, version and architecture: more than one entry if it contradicts itself. */
export type Sighting = readonly Artifact[];

/** Tells of builds, and remembers of which it told, so that nobody hears the same every few seconds. */
export class Announcer {
  private readonly told = new Map<string, string>();

  constructor(
    private readonly repository: string,
    private readonly bus: Pick<MessageBus, 'publish'>,
  ) {}

  /** What is news: new builds, and builds whose content is not the one that was told. */
  news(artifacts: readonly Artifact[]): readonly Sighting[] {
    const sightings = new Map<string, Artifact[]>();
    for (const artifact of artifacts) {
      const nevra = nevraOf(artifact);
      const others = sightings.get(nevra);
      if (others) others.push(artifact);
      else sightings.set(nevra, [artifact]);
    }
    return [...sightings]
      .filter(([nevra, sighting]) => this.told.get(nevra) !== contentOf(sighting))
      .map(([, sighting]) => sighting);
  }

  async observed(sighting: Sighting): Promise<void> {
    for (const artifact of sighting)
      await this.publish(() =>
        this.bus.publish(BuildObserved, artifact, { subject: subjectOf(artifact) }),
      );
    const [first] = sighting;
    if (first) this.told.set(nevraOf(first), contentOf(sighting));
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
