import type { Certname, Fleet, Pool, PoolName } from '@gantry/contracts';
import type { FleetIssue } from './fleet-path.js';
import { entriesOf, hostsByPool, type PlacedApplication } from '@gantry/domain';

/** Pools that nobody uses, members that stand for nobody, and one thing under two names. */
export function poolIssues(
  fleet: Fleet,
  placed: readonly PlacedApplication[],
): readonly FleetIssue[] {
  const behind = hostsByPool(placed);
  return [
    ...entriesOf(fleet.pools).flatMap(([name, pool]) =>
      onePoolIssues(name, pool, behind.get(name)),
    ),
    ...sameBackendIssues(fleet),
  ];
}

function onePoolIssues(
  name: PoolName,
  pool: Pool,
  behind: ReadonlySet<Certname> | undefined,
): FleetIssue[] {
  const path = ['pools', name];
  if (behind === undefined) {
    return [
      {
        path,
        message: `pool ${name} is used by no application: name it in an environment's placement, or remove it`,
      },
    ];
  }
  const byAddress = new Map<string, string>();
  return entriesOf(pool.members).flatMap(([host, member]) => {
    const issues: FleetIssue[] = [];
    const at = [...path, 'members', host];
    if (!behind.has(host))
      issues.push({
        path: at,
        message: `host ${host} is in no placement that uses pool ${name}: add it to the placement's hosts, or remove this member`,
      });
    const twin = byAddress.get(member);
    if (twin !== undefined)
      issues.push({
        path: at,
        message: `member ${member} already stands for host ${twin}: each host needs a member of its own`,
      });
    byAddress.set(member, host);
    return issues;
  });
}

/** Two names for one pool of a device: each would count its own capacity, and both together could empty it. */
function sameBackendIssues(fleet: Fleet): FleetIssue[] {
  const byBackend = new Map<string, PoolName>();
  return entriesOf(fleet.pools).flatMap(([name, { device, backend }]) => {
    const key = `${device} ${backend}`;
    const twin = byBackend.get(key);
    if (twin === undefined) byBackend.set(key, name);
    return twin === undefined
      ? []
      : [
          {
            path: ['pools', name, 'backend'],
            message: `pool ${twin} already is ${backend} on ${device}: use ${twin} in both places, or correct the backend`,
          },
        ];
  });
}
