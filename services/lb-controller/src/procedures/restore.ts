import type { AdminState } from '../ports/load-balancer-driver.port.js';
import type { Pace } from '../ports/pace.port.js';
import { isDeviceError, type HostPlaces } from './host-places.js';
import type { FoundPlace } from './seen-place.js';

/**
 * Puts the members back as they were in `before`, and tells whether the device shows it. A member that is off goes through
 * drain for a whole check window first: straight from off it would get traffic before any check.
 */
export async function restore(
  places: HostPlaces,
  before: readonly FoundPlace[],
  pace: Pace,
): Promise<boolean> {
  if (!places.touched) return true;
  try {
    const now = await places.confirm();
    const offs = now.filter((seen, at) => seen.member.admin === 'off' && was(before, at) === 'in');
    if (offs.length > 0) {
      await places.set(offs, 'drain');
      await pace.sleep(places.checkWindowMs);
    }
    const present = await places.read();
    for (const want of ['in', 'drain', 'off'] as const) {
      await places.set(
        present.filter((_, at) => was(before, at) === want),
        want,
      );
    }
    const after = await places.readBack(() => true);
    return after.seen.every((seen, at) => seen.member.admin === was(before, at));
  } catch (error) {
    if (isDeviceError(error)) return false;
    throw error;
  }
}

function was(before: readonly FoundPlace[], at: number): AdminState | undefined {
  const admin = before[at]?.member.admin;
  return admin === 'half' ? 'drain' : admin;
}
