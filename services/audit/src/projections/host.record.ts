import type { HostView, InstalledPackage } from '@gantry/contracts';

/** A package of a host, and since when the log has known it at this version. */
export type InstalledRecord = InstalledPackage & { readonly since: string };

/** A host as it is kept; whether it is reachable is no fact of the log. */
export type HostRecord = Omit<
  HostView,
  'reachable' | 'lastHeardAt' | 'listenerVersion' | 'installed'
> & { readonly installed: readonly InstalledRecord[] };

/** What was last heard of a host's listener. */
export type Presence = Pick<HostView, 'reachable' | 'lastHeardAt' | 'listenerVersion'>;

/** A host of which nothing is known. */
export const unknownHost = (host: HostView['host']): HostRecord => ({
  host,
  environments: [],
  applications: [],
  installed: [],
  installedAsOf: null,
  lastRun: null,
  ownedBy: null,
  outOfService: false,
});

/** The host as lists show it. */
export function hostView(record: HostRecord, presence: Presence): HostView {
  const installed = record.installed.map(({ since: _since, ...item }) => item);
  return { ...record, installed, ...presence };
}

/** A reading of the RPM database names the packages that were asked for; what it does not name stays as it was. */
export function withInstalled(
  record: HostRecord,
  read: readonly InstalledPackage[],
  at: string,
): HostRecord {
  if (read.length === 0) return record;
  const names = new Set(read.map(({ name }) => name));
  const known = new Map(record.installed.map((item) => [item.name, item]));
  const fresh = read.map((item) => {
    const before = known.get(item.name);
    return { ...item, since: before?.evr === item.evr ? before.since : at };
  });
  const installed = [...record.installed.filter(({ name }) => !names.has(name)), ...fresh];
  installed.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...record, installed, installedAsOf: at };
}
