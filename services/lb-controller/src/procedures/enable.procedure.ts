import type { EnableEvidence, PoolSnapshot } from '@gantry/contracts';
import { EnableRun, type EnableRequest, type EnableTools } from './enable-run.js';
import { HostPlaces, isDeviceError, type PlacesTools } from './host-places.js';
import type { Fence, Place } from './host-request.js';
import { failureOf, type Failure } from './outcome.js';

/** How an enable ended. */
export type EnableOutcome =
  | {
      readonly outcome: 'enabled';
      readonly evidence: EnableEvidence;
      readonly pools: PoolSnapshot[];
    }
  | {
      readonly outcome: 'failed';
      readonly failure: Failure;
      /** Places that were out before, and are to stay so. */
      readonly keepOut: readonly Place[];
      readonly pools: PoolSnapshot[];
    };

/**
 * Puts a host back into all its pools: off -> drain -> a fresh check at full health -> in -> seen up. A member that was in
 * already is not disturbed, only watched for as long. Re-entrant like the drain.
 */
export class EnableProcedure {
  constructor(private readonly tools: EnableTools & PlacesTools) {}

  async run(request: EnableRequest, current: Fence, out = current): Promise<EnableOutcome> {
    const places = new HostPlaces(request.memberships, this.tools, current);
    const run = new EnableRun(request, places, { current, out }, this.tools);
    const failure = await this.attempt(run);
    if (!failure)
      return { outcome: 'enabled', evidence: run.evidence(), pools: places.snapshots() };
    const keepOut = await run.takeBack();
    return { outcome: 'failed', failure, keepOut, pools: places.snapshots() };
  }

  private async attempt(run: EnableRun): Promise<Failure | undefined> {
    try {
      return (await run.awaitChecks()) ?? (await run.letIn());
    } catch (error) {
      if (isDeviceError(error)) return failureOf(error);
      throw error;
    }
  }
}
