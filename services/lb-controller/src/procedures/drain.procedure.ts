import type { DrainEvidence, PoolSnapshot } from '@gantry/contracts';
import { DrainRun, type DrainRequest, type DrainTools } from './drain-run.js';
import { HostPlaces, isDeviceError, type PlacesTools } from './host-places.js';
import type { Fence } from './host-request.js';
import { KeyedMutex } from './keyed-mutex.js';
import type { Owners } from '../ports/owners.port.js';
import { failureOf, superseded, type Failure } from './outcome.js';
import { restore } from './restore.js';

/** How a drain ended. */
export type DrainOutcome =
  | {
      readonly outcome: 'drained';
      readonly evidence: DrainEvidence;
      readonly pools: PoolSnapshot[];
    }
  | {
      readonly outcome: 'failed';
      readonly failure: Failure;
      readonly restored: boolean;
      readonly pools: PoolSnapshot[];
    };

interface DrainOwners {
  readonly owners: Pick<Owners, 'asksFor' | 'known'>;
}

interface Failed {
  readonly places: HostPlaces;
  readonly run: DrainRun;
  readonly failure: Failure;
  readonly again: boolean;
}

/**
 * Takes a host out of all its pools and waits until it is drained; all of them or none. Nothing is remembered between two
 * runs: a request that comes again after a crash finds by reading how far the first one came, and goes on from there.
 */
export class DrainProcedure {
  private readonly pools = new KeyedMutex();

  constructor(private readonly tools: DrainTools & PlacesTools & DrainOwners) {}

  /**
   * `again` = the request was delivered before or is old: a run before this one may have begun, and its turn may be over, so the log
   * must still ask for it.
   */
  async run(request: DrainRequest, fence: Fence, again = false): Promise<DrainOutcome> {
    const places = new HostPlaces(request.memberships, this.tools, fence);
    const run = new DrainRun(request, places, fence, this.tools);
    const failure = await this.attempt(request, run, again);
    if (!failure)
      return { outcome: 'drained', evidence: run.evidence(), pools: places.snapshots() };
    const restored = await this.restored({ places, run, failure, again });
    return { outcome: 'failed', failure, restored, pools: places.snapshots() };
  }

  private async restored({ places, run, failure, again }: Failed): Promise<boolean> {
    // A newer claim decides about the host now: whatever it wants, we do not undo it.
    if (failure.kind === 'stale-epoch') return !places.touched;
    const asFound = await restore(places, run.before, this.tools.pace);
    // Found out at the start, it may be out by the run before this one: that is not "in service again".
    const wasIn = run.before.every(({ member }) => member.admin === 'in');
    const seenBefore = run.before.length > 0 || !again;
    return asFound && wasIn && seenBefore;
  }

  private async attempt(
    request: DrainRequest,
    run: DrainRun,
    again: boolean,
  ): Promise<Failure | undefined> {
    const { host, epoch, memberships } = request;
    const keys = memberships.map(({ device, backend }) => `${device} ${backend}`);
    try {
      if (again && !(await this.tools.owners.asksFor(host, epoch))) return superseded(host);
      return (
        (await this.pools.run(keys, () => run.takeOut())) ??
        (await run.awaitIdle()) ??
        (await run.close())
      );
    } catch (error) {
      if (isDeviceError(error)) return failureOf(error);
      throw error;
    }
  }
}
