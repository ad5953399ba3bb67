import type { Certname, Fleet, Pool, PoolName } from '@gantry/contracts';
import { approvalIssues } from './fleet-approvals.js';
import { calendarIssues } from './fleet-calendar.js';
import { known, repeated } from './fleet-lists.js';
import type { DocumentPath, FleetIssue } from './fleet-path.js';
import {
  entriesOf,
  ownEntry,
  placementsOf,
  strategyFor,
  type PlacedApplication,
} from '@gantry/domain';
import { pipelineIssues } from './fleet-pipelines.js';
import { poolIssues } from './fleet-pools.js';
import { sharingIssues } from './fleet-sharing.js';

/** What only shows when the parts of a fleet are held against each other. */
export function referenceIssues(fleet: Fleet): readonly FleetIssue[] {
  const placed = placementsOf(fleet);
  return [
    ...puppetServerIssues(fleet),
    ...placed.flatMap((one) => [...placementIssues(fleet, one), ...strategyIssues(fleet, one)]),
    ...sharingIssues(placed),
    ...poolIssues(fleet, placed),
    ...minPercentIssues(fleet),
    ...calendarIssues(fleet),
    ...pipelineIssues(fleet),
    ...approvalIssues(fleet),
  ];
}

function puppetServerIssues(fleet: Fleet): FleetIssue[] {
  return entriesOf(fleet.environments).flatMap(([environment, { puppetServers }]) => {
    const path = ['environments', environment, 'puppetServers'];
    return [
      ...repeated(puppetServers, path, 'puppet server'),
      ...puppetServers.flatMap((server, index) =>
        Object.hasOwn(fleet.puppetServers, server)
          ? []
          : [
              {
                path: [...path, index],
                message: `no puppet server ${server} is declared: add it under puppetServers${known(fleet.puppetServers)}`,
              },
            ],
      ),
    ];
  });
}

function placementIssues(
  fleet: Fleet,
  { application, placement, path }: PlacedApplication,
): FleetIssue[] {
  const issues: FleetIssue[] = [
    ...repeated(placement.hosts, [...path, 'hosts'], 'host'),
    ...repeated(placement.pools, [...path, 'pools'], 'pool'),
  ];
  if (!Object.hasOwn(fleet.applications, application)) {
    issues.push({
      path,
      message: `no application ${application} is declared: add it under applications${known(fleet.applications)}`,
    });
  }
  for (const [index, pool] of placement.pools.entries()) {
    const declared = ownEntry(fleet.pools, pool);
    if (declared === undefined) {
      issues.push({
        path: [...path, 'pools', index],
        message: `no pool ${pool} is declared: add it under pools${known(fleet.pools)}`,
      });
    } else {
      issues.push(...nonMembers(pool, declared, placement.hosts, path));
    }
  }
  return issues;
}

function nonMembers(
  pool: PoolName,
  { members }: Pool,
  hosts: readonly Certname[],
  path: DocumentPath,
): FleetIssue[] {
  return hosts.flatMap((host, index) =>
    Object.hasOwn(members, host)
      ? []
      : [
          {
            path: [...path, 'hosts', index],
            message: `host ${host} is no member of pool ${pool}: add it under pools.${pool}.members, or take it out of this list`,
          },
        ],
  );
}

/** More members demanded than there are: no host could ever be taken out, and nobody meant that. */
function strategyIssues(
  fleet: Fleet,
  { environment, application, placement, path }: PlacedApplication,
): FleetIssue[] {
  const strategy = strategyFor(fleet, environment, application);
  if (strategy === undefined) return [];
  const sizes = [
    { what: `${environment} has`, size: new Set(placement.hosts).size, unit: 'hosts' },
    ...placement.pools.flatMap((name) => {
      const pool = ownEntry(fleet.pools, name);
      return pool === undefined
        ? []
        : [{ what: `pool ${name} has`, size: Object.keys(pool.members).length, unit: 'members' }];
    }),
  ];
  const owner =
    placement.strategy?.absoluteMin === undefined ? ['applications', application] : path;
  return sizes
    .filter(({ size }) => strategy.absoluteMin > size)
    .map(({ what, size, unit }) => ({
      path: [...owner, 'strategy', 'absoluteMin'],
      message: `${strategy.absoluteMin} must stay in service but ${what} only ${size} ${unit}: lower it below ${size}, or set it for this environment alone under ${path.join('.')}.strategy`,
    }));
}

/** 0.5 written for a half would keep one host in two hundred. */
function minPercentIssues(fleet: Fleet): FleetIssue[] {
  const written = [
    ...entriesOf(fleet.applications).map(([name, { strategy }]) => ({
      path: ['applications', name],
      strategy,
    })),
    ...placementsOf(fleet).map(({ path, placement }) => ({ path, strategy: placement.strategy })),
  ];
  return written.flatMap(({ path, strategy }) => {
    const percent = strategy?.minPercent;
    return percent === undefined || percent === 0 || percent >= 1
      ? []
      : [
          {
            path: [...path, 'strategy', 'minPercent'],
            message: `${percent} is less than one percent: write ${percent * 100} if a share is meant`,
          },
        ];
  });
}
