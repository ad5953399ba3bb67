import type { DataOf, LbPoolsSurveyed, LbSurveyRequested, PoolSnapshot } from '@gantry/contracts';
import type { Devices } from '../adapters/devices.js';
import type { Clock } from '@gantry/service-kit';
import { isDeviceError } from './host-places.js';
import { snapshotOf } from './seen-place.js';

type Request = DataOf<typeof LbSurveyRequested>;
type Unreadable = DataOf<typeof LbPoolsSurveyed>['unreadable'][number];

/** Reads pools side by side: a device that does not answer costs only its own pools. */
export async function survey(
  pools: Request['pools'],
  tools: { readonly devices: Pick<Devices, 'get'>; readonly clock: Clock },
): Promise<{ readonly pools: PoolSnapshot[]; readonly unreadable: Unreadable[] }> {
  const answers = await Promise.all(pools.map((pool) => surveyPool(pool, tools)));
  return {
    pools: answers.filter((answer) => 'members' in answer),
    unreadable: answers.filter((answer) => 'reason' in answer),
  };
}

async function surveyPool(
  pool: Request['pools'][number],
  tools: { readonly devices: Pick<Devices, 'get'>; readonly clock: Clock },
): Promise<PoolSnapshot | Unreadable> {
  try {
    const reading = await tools.devices.get(pool.device).readPool(pool.backend);
    return snapshotOf(pool, reading, tools.clock.now());
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    return { pool: pool.pool, reason: error.message.slice(0, 1_000) };
  }
}
