import type { Certname, HostStanding, PoolSnapshot } from '@gantry/contracts';
import type { Log } from '@gantry/service-kit';
import type { Place } from '../procedures/host-request.js';
import type { Owners } from '../ports/owners.port.js';
import { HostPlaces, isDeviceError, type PlacesTools } from '../procedures/host-places.js';
import { KeyedMutex } from '../procedures/keyed-mutex.js';
import { isOut, type FoundPlace } from '../procedures/seen-place.js';

interface Intent {
  readonly places: readonly Place[];
  /** Epochs of the devices in which the host was seen to be out; undefined while only the log says that it is. */
  readonly epochs: string | undefined;
}

/** What the watch needs from outside. */
export interface WatchTools extends PlacesTools {
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly reasserted: () => void;
  readonly owners: Pick<Owners, 'known' | 'keepsOut'>;
}

/**
 * Hosts that are out because a request said so. A device that restarts forgets that, and traffic would reach a host under
 * work; the watch puts it out again. A host that is in without a restart was put in by somebody who decided so: usually
 * another replica of this service, which got the request after us. The watch never undoes that, it lets go.
 */
export class IntentWatch {
  private readonly intents = new Map<Certname, Intent>();
  /** Newest claim of each host under which the log's word was taken up. */
  private readonly adopted = new Map<Certname, number>();
  private readonly hosts = new KeyedMutex();

  constructor(private readonly tools: WatchTools) {}

  get size(): number {
    return this.intents.size;
  }

  /** From now on this host is to stay out, as `seen` showed it. */
  keepOut(host: Certname, places: readonly Place[], seen: readonly PoolSnapshot[]): void {
    const epochOf = ({ pool, device }: Place): string =>
      seen.find((each) => each.pool === pool && each.device === device)?.epoch ?? '';
    this.intents.set(host, { places, epochs: places.map(epochOf).join(' ') });
  }

  /**
   * Hosts that the log says are out: each is watched from the first look on that finds it so. One that is found in is left alone, once for
   * each claim: somebody put it in while nobody here watched, and taking it out could leave too few.
   */
  adopt(hosts: readonly HostStanding[]): void {
    for (const { host, epoch, standing, memberships } of hosts) {
      if (standing !== 'out' || (this.adopted.get(host) ?? -1) >= epoch) continue;
      this.adopted.set(host, epoch);
      if (!this.intents.has(host))
        this.intents.set(host, { places: memberships, epochs: undefined });
    }
  }

  /** Somebody else decides about the host now; resolves when the watch has let go of it. */
  release(host: Certname): Promise<void> {
    this.intents.delete(host);
    return this.hosts.run([host], () => Promise.resolve());
  }

  /** One look at every host. */
  async look(): Promise<void> {
    await Promise.all(
      [...this.intents.keys()].map((host) => this.hosts.run([host], () => this.lookAt(host))),
    );
  }

  private async lookAt(host: Certname): Promise<void> {
    const intent = this.intents.get(host);
    if (!intent) return;
    const ours = (): boolean => this.intents.get(host)?.places === intent.places;
    const places = new HostPlaces(intent.places, this.tools, ours);
    try {
      await this.compare(host, intent, places, await places.read());
    } catch (error) {
      // A device that does not answer is looked at again next time; its restart shows in its epoch.
      if (!isDeviceError(error)) throw error;
      this.tools.log.warn('a host that is to stay out could not be looked at', { host, error });
    }
  }

  private async compare(
    host: Certname,
    intent: Intent,
    places: HostPlaces,
    seen: readonly FoundPlace[],
  ): Promise<void> {
    const epochs = epochsOf(seen);
    const restarted = intent.epochs !== undefined && epochs !== intent.epochs;
    const back = seen.filter((each) => !isOut(each));
    // The request may have been released while we read.
    if (this.intents.get(host) !== intent) return;
    if (back.length > 0 && !restarted) {
      this.intents.delete(host);
      this.tools.log.warn('a host that was to stay out was put in service by somebody else', {
        host,
      });
      return;
    }
    this.intents.set(host, { ...intent, epochs });
    if (back.length === 0) return;
    if (!(await this.tools.owners.keepsOut(host))) {
      if (this.intents.get(host)?.places === intent.places) this.intents.delete(host);
      return;
    }
    this.tools.log.warn('a host under work was in service again and is taken out', { host });
    this.tools.reasserted();
    await places.set(back, 'off');
  }
}

const epochsOf = (seen: readonly FoundPlace[]): string =>
  seen.map(({ reading }) => reading.epoch).join(' ');
