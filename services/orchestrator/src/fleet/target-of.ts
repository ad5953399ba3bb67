import type {
  ApplicationName,
  Certname,
  DeploymentTarget,
  EnvironmentName,
  Evr,
  Fleet,
  Membership,
  PinnedPackage,
  PoolName,
} from '@gantry/contracts';
import { approvalFor, ownEntry, strategyFor } from '@gantry/domain';

/** Which build goes where; `packages` are the application's own, pinned to the checksums the log has for this version. */
export interface TargetRequest {
  readonly application: ApplicationName;
  readonly environment: EnvironmentName;
  readonly evr: Evr;
  readonly packages: readonly PinnedPackage[];
}

/**
 * Everything a deployment needs of the fleet as it stands now, so that a later fleet file does not change it under way.
 * Undefined where the fleet does not place the application in the environment.
 */
export function targetOf(
  fleet: Fleet,
  { application, environment, evr, packages }: TargetRequest,
): DeploymentTarget | undefined {
  const declared = ownEntry(fleet.applications, application);
  const surroundings = ownEntry(fleet.environments, environment);
  const placement = surroundings && ownEntry(surroundings.applications, application);
  const strategy = strategyFor(fleet, environment, application);
  if (
    declared === undefined ||
    surroundings === undefined ||
    placement === undefined ||
    strategy === undefined
  )
    return undefined;
  const approval = approvalFor(fleet, environment, application);
  return {
    application,
    environment,
    evr,
    packages: [...packages],
    health: declared.health,
    strategy,
    hosts: placement.hosts.map((host) => ({
      host,
      memberships: membershipsOf(fleet, placement.pools, host),
    })),
    pools: placement.pools.flatMap((pool) => {
      const found = ownEntry(fleet.pools, pool);
      return found === undefined
        ? []
        : [
            {
              pool,
              device: found.device,
              backend: found.backend,
              size: Object.keys(found.members).length,
            },
          ];
    }),
    puppetServers: surroundings.puppetServers.flatMap((server) => {
      const found = ownEntry(fleet.puppetServers, server);
      return found === undefined ? [] : [{ server, maxConcurrentRuns: found.maxConcurrentRuns }];
    }),
    ...(approval === undefined ? {} : { approval }),
  };
}

function membershipsOf(fleet: Fleet, pools: readonly PoolName[], host: Certname): Membership[] {
  return pools.flatMap((pool) => {
    const found = ownEntry(fleet.pools, pool);
    const member = found && ownEntry(found.members, host);
    return found === undefined || member === undefined
      ? []
      : [{ pool, device: found.device, backend: found.backend, member }];
  });
}
