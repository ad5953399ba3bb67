import { Certname, type DeploymentId, type RunningView } from '@gantry/contracts';
import type { FleetRecord } from '../projections/fleet.projection.js';
import type { HostRecord, InstalledRecord } from '../projections/host.record.js';

/** What the picture of "what runs where" is made of. */
export interface RunningParts {
  readonly fleet: FleetRecord | undefined;
  readonly hosts: readonly HostRecord[];
  readonly lastDeployments: readonly {
    readonly application: string;
    readonly environment: string;
    readonly id: DeploymentId;
  }[];
}

/** One row per application and environment; hosts whose version was never read stand in none of its versions. */
export function runningViews({ fleet, hosts, lastDeployments }: RunningParts): RunningView[] {
  if (fleet === undefined) return [];
  const byName = new Map<string, HostRecord>(hosts.map((host) => [host.host, host]));
  const last = new Map(
    lastDeployments.map(({ environment, application, id }) => [
      `${environment}/${application}`,
      id,
    ]),
  );
  return fleet.placements.map(({ environment, application, hosts: placed }) => {
    const name = fleet.packages[application]?.[0];
    const found = placed.flatMap((host) => {
      const item = byName.get(host)?.installed.find((installed) => installed.name === name);
      return item === undefined || item.evr === null ? [] : [{ host, item }];
    });
    return {
      application,
      environment,
      versions: byVersion(found),
      since: latest(found.map(({ item }) => item.since)),
      lastDeployment: last.get(`${environment}/${application}`) ?? null,
    };
  });
}

function byVersion(
  found: readonly { readonly host: string; readonly item: InstalledRecord }[],
): RunningView['versions'] {
  const versions = new Map<string, Certname[]>();
  for (const { host, item } of found) {
    const evr = item.evr ?? '';
    versions.set(evr, [...(versions.get(evr) ?? []), Certname.parse(host)]);
  }
  return [...versions].map(([evr, hosts]) => ({ evr, hosts }));
}

/** The picture is as old as the last change in it. */
function latest(instants: readonly string[]): string | null {
  return instants.reduce<string | null>(
    (newest, at) => (newest === null || at > newest ? at : newest),
    null,
  );
}
