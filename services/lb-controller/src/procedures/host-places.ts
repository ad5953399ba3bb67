import type { PoolSnapshot } from '@gantry/contracts';
import { crashPoint, isGantryError, type Clock } from '@gantry/service-kit';
import type { Devices } from '../adapters/devices.js';
import type { AdminState, LoadBalancerDriver } from '../ports/load-balancer-driver.port.js';
import { notFound, supersededBy } from '../ports/lb-error.js';
import type { Owners } from '../ports/owners.port.js';
import type { Pace } from '../ports/pace.port.js';
import type { Fence, Place } from './host-request.js';
import { allFound, seePlace, snapshotOf, type FoundPlace, type SeenPlace } from './seen-place.js';

/** What a set of places needs from outside. */
export interface PlacesTools {
  readonly devices: Pick<Devices, 'get'>;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly owners: Pick<Owners, 'known'>;
}

const CONFIRMATIONS = 4;
const CONFIRM_PAUSE_MS = 300;

/** All places of one host: read together, written one by one, always with a look before and after. */
export class HostPlaces {
  private shown: readonly SeenPlace[] = [];
  private shownAt = new Date(0);
  private written = false;

  constructor(
    readonly places: readonly Place[],
    private readonly tools: PlacesTools,
    /** Whether these places are still ours to write. */
    private readonly fence: Fence,
  ) {}

  /** Whether anything was written, effective or not. */
  get touched(): boolean {
    return this.written;
  }

  /** The slowest device sets the pace. */
  get pollMs(): number {
    return this.longest('pollMs');
  }

  get checkWindowMs(): number {
    return this.longest('checkWindowMs');
  }

  get reloadGraceMs(): number {
    return this.longest('reloadGraceMs');
  }

  /** Reads all pools; a missing member is an error like any other. */
  async read(): Promise<readonly FoundPlace[]> {
    const seen = await Promise.all(
      this.places.map(async (place) =>
        seePlace(place, await this.driver(place).readPool(place.backend)),
      ),
    );
    this.shown = seen;
    this.shownAt = this.tools.clock.now();
    const found = allFound(seen);
    if (found) return found;
    const missing = seen.find(({ member }) => member === undefined)?.place;
    throw notFound(
      String(missing?.device),
      `member ${String(missing?.member)} of ${String(missing?.backend)}`,
      'the pool has no such member',
    );
  }

  /** Reads until it works: devices deny what they have while they restart, so one "not found" proves nothing. */
  async confirm(): Promise<readonly FoundPlace[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.read();
      } catch (error) {
        if (!isDeviceError(error) || attempt >= CONFIRMATIONS) throw error;
        await this.tools.pace.sleep(CONFIRM_PAUSE_MS);
      }
    }
  }

  /**
   * Tells the members that are not so to be `want`. The last thing before it writes is to know that no newer claim stands against
   * it: this process may have slept since it was asked. A device that did not answer may have done it all the same: callers read
   * what came of it, and that is what counts. `fence` is for writes that need more than the newest claim.
   */
  async set(
    seen: readonly FoundPlace[],
    want: AdminState,
    fence: Fence = this.fence,
  ): Promise<void> {
    const others = seen.filter(({ member }) => member.admin !== want);
    if (others.length > 0) {
      await this.tools.owners.known();
      if (!fence()) throw supersededBy(this.places.map(({ member }) => member).join(', '));
      this.written = true;
    }
    crashPoint('setting', want);
    await settleAll(others.map(({ place }) => this.write(place, want)));
    crashPoint('set', want);
  }

  /** Two looks for an effect: a success answer is none. */
  async readBack(
    holds: (seen: FoundPlace) => boolean,
  ): Promise<{ readonly effective: boolean; readonly seen: readonly FoundPlace[] }> {
    const first = await this.read();
    if (first.every(holds)) return { effective: true, seen: first };
    await this.tools.pace.sleep(this.pollMs);
    const second = await this.read();
    return { effective: second.every(holds), seen: second };
  }

  async killConnections(): Promise<void> {
    await settleAll(
      this.places.map((place) => this.driver(place).killConnections(place.backend, place.member)),
    );
  }

  /** Reads, or tells why it cannot. */
  async tryRead(): Promise<readonly FoundPlace[] | DeviceError> {
    try {
      return await this.read();
    } catch (error) {
      if (isDeviceError(error)) return error;
      throw error;
    }
  }

  /** What the last read showed, for messages. */
  snapshots(): PoolSnapshot[] {
    return this.shown.map(({ place, reading }) => snapshotOf(place, reading, this.shownAt));
  }

  private async write(place: Place, want: AdminState): Promise<void> {
    try {
      await this.driver(place).setAdmin(place.backend, place.member, want);
    } catch (error) {
      if (!isDeviceError(error) || error.code !== 'lb.unreachable') throw error;
    }
  }

  private driver(place: Place): LoadBalancerDriver {
    return this.tools.devices.get(place.device);
  }

  private longest(timing: keyof LoadBalancerDriver['timing']): number {
    return Math.max(...this.places.map((place) => this.driver(place).timing[timing]));
  }
}

/** An error of a driver: an answer about the device, not a fault of ours. */
export type DeviceError = Error & { readonly code: string };

/** Whether a driver threw it. */
export function isDeviceError(error: unknown): error is DeviceError {
  return isGantryError(error) && error.code.startsWith('lb.');
}

/** Lets every write end before the first failure is reported: what is restored next must not race with them. */
async function settleAll(writes: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(writes)).find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
