import type { PoolSnapshot } from '@gantry/contracts';
import { toMs } from '../time.js';
import { isInFlight, type DeploymentHost, type Rollout } from './state.js';

type Readings = Pick<Rollout, 'pools' | 'poolsAt'>;

/** Whether the readings show the host in service nowhere. A host in no pool takes no traffic away. */
export function isShownOut(host: DeploymentHost, pools: readonly PoolSnapshot[]): boolean {
  return host.memberships.every((m) => {
    const member = pools.find((p) => p.pool === m.pool)?.members.find((x) => x.member === m.member);
    return member !== undefined && !member.inService;
  });
}

/** Whether the host takes no traffic, so that its turn costs its pools nothing. */
export const standsOut = (host: DeploymentHost, readings: Readings): boolean =>
  isTold(host, readings) ? isShownOut(host, readings.pools) : host.out;

/** Whether the host's turn is over and it was left out, and nobody has put it back since. */
export const isLeftOut = (host: DeploymentHost, readings: Readings): boolean =>
  !isInFlight(host) && host.out && standsOut(host, readings);

/** A reading says nothing about a host of ours whose turn ended after it was asked for. */
const isTold = (host: DeploymentHost, { poolsAt }: Readings): boolean =>
  host.endedAt === undefined || toMs(poolsAt) >= toMs(host.endedAt);

/** Members of the pool that are ours to count as gone, whatever the readings still show. */
export function ownMembersGone(rollout: Rollout, pool: string): readonly string[] {
  return rollout.hosts
    .filter((h) => isInFlight(h) || (h.out && standsOut(h, rollout)))
    .flatMap((h) => h.memberships.filter((m) => m.pool === pool).map((m) => m.member));
}
