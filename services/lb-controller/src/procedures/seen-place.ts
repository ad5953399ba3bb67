import type { PoolSnapshot } from '@gantry/contracts';
import type { MemberReading, PoolReading } from '../ports/load-balancer-driver.port.js';
import type { Place } from './host-request.js';

/** One place of the host with what its pool showed; `member` is absent when the pool has no such member. */
export interface SeenPlace {
  readonly place: Place;
  readonly reading: PoolReading;
  readonly member: MemberReading | undefined;
  readonly others: readonly MemberReading[];
}

/** A place whose member was found. */
export type FoundPlace = SeenPlace & { readonly member: MemberReading };

/** Looks for the host's member in a reading of its pool. */
export function seePlace(place: Place, reading: PoolReading): SeenPlace {
  const member = reading.members.find((candidate) => candidate.member === place.member);
  return { place, reading, member, others: reading.members.filter((other) => other !== member) };
}

/** All places when every member was found, else undefined. */
export function allFound(seen: readonly SeenPlace[]): readonly FoundPlace[] | undefined {
  const found = seen.filter((each): each is FoundPlace => each.member !== undefined);
  return found.length === seen.length ? found : undefined;
}

/** Whether the member is administratively out: it gets no new connections. */
export function isOut({ member }: FoundPlace): boolean {
  return member.admin === 'drain' || member.admin === 'off';
}

/** Connections over all places, or null when a device does not tell. */
export function connectionsOf(seen: readonly FoundPlace[]): number | null {
  let sum = 0;
  for (const { member } of seen) {
    if (member.connections === null) return null;
    sum += member.connections;
  }
  return sum;
}

/** How messages show a pool. */
export function snapshotOf(
  pool: Pick<PoolSnapshot, 'pool' | 'device'>,
  reading: PoolReading,
  readAt: Date,
): PoolSnapshot {
  return {
    pool: pool.pool,
    device: pool.device,
    epoch: reading.epoch,
    readAt: readAt.toISOString(),
    members: reading.members.map(({ member, admin, monitor, inService, connections }) => ({
      member,
      admin,
      monitor,
      inService,
      connections,
    })),
  };
}
