import type {
  ApplicationName,
  Certname,
  EnvironmentName,
  Fleet,
  Placement,
  PoolName,
} from '@gantry/contracts';

/** One application in one environment, with where it stands in the file. */
export interface PlacedApplication {
  readonly environment: EnvironmentName;
  readonly application: ApplicationName;
  readonly placement: Placement;
  readonly path: readonly string[];
}

/** The entries of a record with the key type the schema gave them: TypeScript's own `Object.entries` forgets it. */
export function entriesOf<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(record) as [K, V][];
}

/** A record's own entry: `constructor` is a name a fleet file may use, and every object answers to it. */
export function ownEntry<K extends string, V>(
  record: Readonly<Record<K, V>>,
  key: K,
): V | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Every placement of the fleet, in the order of the file. */
export function placementsOf(fleet: Fleet): readonly PlacedApplication[] {
  return entriesOf(fleet.environments).flatMap(([environment, { applications }]) =>
    entriesOf(applications).map(([application, placement]) => ({
      environment,
      application,
      placement,
      path: ['environments', environment, 'applications', application],
    })),
  );
}

/** For each pool, the hosts of all placements that stand behind it. */
export function hostsByPool(
  placed: readonly PlacedApplication[],
): ReadonlyMap<PoolName, ReadonlySet<Certname>> {
  const hosts = new Map<PoolName, Set<Certname>>();
  for (const { placement } of placed) {
    for (const pool of placement.pools) {
      const behind = hosts.get(pool) ?? new Set();
      for (const host of placement.hosts) behind.add(host);
      hosts.set(pool, behind);
    }
  }
  return hosts;
}
