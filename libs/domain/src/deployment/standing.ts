import type { MemberSnapshot, PoolSnapshot } from '@gantry/contracts';
import { toMs } from '../time.js';
import { isInFlight, type DeploymentHost, type Rollout } from './state.js';

type Readings = Pick<Rollout, 'pools' | 'poolsAt'>;

type Is = (member: MemberSnapshot) => boolean;

const isNotInService: Is = ({ inService }) => !inService;

/** After a reload every member is let in and is `checking` for a moment: nobody can be counted on, and each gets its requests. */
const takesNoTraffic: Is = ({ inService, admin, monitor }) =>
  !inService && (admin !== 'in' || (monitor !== 'checking' && monitor !== 'unknown'));

/** Whether all the host's members are so, as far as the readings tell. A host in no pool has none. */
const shownAll = (
  { memberships }: DeploymentHost,
  pools: readonly PoolSnapshot[],
  is: Is,
): boolean =>
  memberships.every((m) => {
    const member = pools.find((p) => p.pool === m.pool)?.members.find((x) => x.member === m.member);
    return member !== undefined && is(member);
  });

/** Whether the host takes no traffic for certain, so that its turn costs its pools nothing. */
export const standsOut = (host: DeploymentHost, readings: Readings): boolean =>
  isTold(host, readings) ? shownAll(host, readings.pools, takesNoTraffic) : host.out;

/** Whether the host is in service nowhere, so that nobody can count on it. */
export const isOutOfService = (host: DeploymentHost, readings: Readings): boolean =>
  isTold(host, readings) ? shownAll(host, readings.pools, isNotInService) : host.out;

/** Whether the host's turn is over and it was left out, and nobody has put it back since. */
export const isLeftOut = (host: DeploymentHost, readings: Readings): boolean =>
  !isInFlight(host) && host.out && isOutOfService(host, readings);

/** A reading says nothing about a host of ours whose turn ended after it was asked for. */
const isTold = (host: DeploymentHost, { poolsAt }: Readings): boolean =>
  host.endedAt === undefined || toMs(poolsAt) >= toMs(host.endedAt);

/** Members of the pool that are ours to count as gone, whatever the readings still show. */
export function ownMembersGone(rollout: Rollout, pool: string): readonly string[] {
  return rollout.hosts
    .filter((h) => isInFlight(h) || (h.out && isOutOfService(h, rollout)))
    .flatMap((h) => h.memberships.filter((m) => m.pool === pool).map((m) => m.member));
}
