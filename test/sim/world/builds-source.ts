import {
  BuildGone,
  BuildObserved,
  makeMessage,
  topicDestination,
  type DataOf,
} from '@gantry/contracts';
import type { AnyMessage } from '@gantry/contracts';
import type { BrokerModel, Simulation } from '@gantry/testing/sim';
import { FIRST_EVR, NEXT_EVR } from '../scenario.js';

/** What it needs of the world. */
interface Surroundings {
  readonly sim: Simulation;
  readonly broker: BrokerModel;
  uuid(): string;
}

const REANNOUNCE_MS = 60_000;
const SHA256: Readonly<Record<string, string>> = { [FIRST_EVR]: 'a', [NEXT_EVR]: 'b' };

/** A repository, and what build-watcher says of it: new builds at once, everything again each minute, and what is gone. */
export class BuildsSource {
  private readonly listed = new Map<string, DataOf<typeof BuildObserved>>();

  constructor(private readonly world: Surroundings) {}

  /** It says everything again from now on. */
  start(): void {
    this.world.sim.after(REANNOUNCE_MS, () => {
      for (const build of this.listed.values()) this.say(BuildObserved, build);
      this.start();
    });
  }

  lists(name: string, evr: string): void {
    const build = observed(this.world, name, evr);
    this.listed.set(`${name} ${evr}`, build);
    this.say(BuildObserved, build);
  }

  isGone(name: string, evr: string): void {
    const { repository, arch, sha256 } = observed(this.world, name, evr);
    this.listed.delete(`${name} ${evr}`);
    this.say(BuildGone, BuildGone.schema.parse({ repository, name, evr, arch, sha256 }));
  }

  private say<D extends AnyMessage>(definition: D, data: DataOf<D>): void {
    const { world } = this;
    const id = world.uuid();
    const message = makeMessage(definition, data, {
      ...{ id, source: '/gantry/build-watcher/sim', time: world.sim.now().toISOString() },
      ...{ correlationid: id, causationid: id, actor: 'build-watcher' as never },
    });
    try {
      world.broker.publish({
        destination: topicDestination('builds'),
        body: JSON.stringify(message),
        headers: { 'x-type': definition.type },
      });
    } catch {
      // The broker is away: it is said again at the next look.
    }
  }
}

/** A build as build-watcher tells of it. */
export const observed = (
  { sim }: Pick<Surroundings, 'sim'>,
  name: string,
  evr: string,
): DataOf<typeof BuildObserved> =>
  BuildObserved.schema.parse({
    ...{ repository: 'sim', name, evr, arch: 'noarch', sizeBytes: 1, location: `${name}.rpm` },
    sha256: (SHA256[evr] ?? 'c').repeat(64),
    builtAt: sim.now().toISOString(),
  });
