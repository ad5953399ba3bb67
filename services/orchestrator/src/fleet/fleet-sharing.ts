import type { FleetIssue } from './fleet-path.js';
import type { PlacedApplication } from '@gantry/domain';

/** A host's version of an application, and a pool's capacity, belong to one environment: two would pull at both. */
export function sharingIssues(placed: readonly PlacedApplication[]): readonly FleetIssue[] {
  const owners = new Map<string, PlacedApplication>();
  const claim = (thing: string, owner: PlacedApplication): PlacedApplication | undefined => {
    const before = owners.get(thing);
    if (before === undefined) owners.set(thing, owner);
    return before === undefined || before.environment === owner.environment ? undefined : before;
  };
  return placed.flatMap((one) => {
    const { application, environment, placement, path } = one;
    const hosts = placement.hosts.flatMap((host, index) => {
      const other = claim(`host ${host} ${application}`, one);
      return other === undefined
        ? []
        : [
            {
              path: [...path, 'hosts', index],
              message: `host ${host} already runs ${application} in ${other.environment}: a host has one version of it, take it out of ${other.environment} or ${environment}`,
            },
          ];
    });
    const pools = placement.pools.flatMap((pool, index) => {
      const other = claim(`pool ${pool}`, one);
      return other === undefined
        ? []
        : [
            {
              path: [...path, 'pools', index],
              message: `pool ${pool} already serves ${other.environment}: give ${environment} a pool of its own`,
            },
          ];
    });
    return [...hosts, ...pools];
  });
}
