import type { DeviceName, PoolName } from '@gantry/contracts';
import type { MemberReading } from '../src/ports/load-balancer-driver.port.js';
import type { FoundPlace } from '../src/procedures/seen-place.js';

/** How a member is shown: its admin state, and `/down` or `/checking` when its check is not good. */
export type Shown =
  'in' | 'in/down' | 'in/checking' | 'drain' | 'drain/down' | 'drain/checking' | 'off';

/** A place of a host as a specification writes it. */
export function seenPlace(
  member: string,
  members: Readonly<Record<string, Shown>>,
  more: {
    readonly minInService?: number;
    readonly pool?: string;
    readonly epoch?: string;
    readonly epochAgeMs?: number;
    readonly connections?: number | null;
    readonly upProvesCheck?: boolean;
  } = {},
): FoundPlace {
  const {
    minInService = 0,
    pool = 'web',
    epoch = '1',
    epochAgeMs = 60_000,
    connections = 0,
    upProvesCheck = false,
  } = more;
  const readings = Object.entries(members).map(([name, shown]) =>
    reading(name, shown, { connections, upProvesCheck }),
  );
  const own = readings.find((each) => each.member === member);
  if (!own) throw new Error(`the specification shows no ${member}`);
  return {
    place: {
      pool: pool as PoolName,
      device: 'lb1' as DeviceName,
      backend: pool,
      member,
      minInService,
    },
    reading: { members: readings, epoch, epochAgeMs },
    member: own,
    others: readings.filter((each) => each !== own),
  };
}

function reading(
  member: string,
  shown: Shown,
  more: Pick<MemberReading, 'connections' | 'upProvesCheck'>,
): MemberReading {
  const [admin = 'in', monitor = 'up'] = shown.split('/');
  const inService = shown === 'in';
  return {
    member,
    admin: admin as MemberReading['admin'],
    monitor: admin === 'off' ? 'down' : (monitor as MemberReading['monitor']),
    takesTraffic: inService || shown === 'in/checking',
    inService,
    ...more,
    check: shown,
  };
}
