import { Certname } from '@gantry/contracts';
import { unknownHost, withInstalled, type HostRecord } from './host.record.js';
import type { LogEvent } from './log-event.js';
import { handle, type Handlers, type Projection } from './projection.js';

type HostEventType =
  | 'deployment.host-surveyed'
  | 'deployment.host-reserved'
  | 'lb.drain.requested'
  | 'deployment.host-run-finished'
  | 'deployment.host-enabled'
  | 'deployment.host-step-delayed'
  | 'deployment.host-done'
  | 'deployment.host-failed'
  | 'deployment.host-skipped'
  | 'refresh.host-reserved'
  | 'refresh.host-run-finished'
  | 'refresh.host-failed';

const HANDLERS: Handlers<HostEventType, HostRecord> = {
  'deployment.host-surveyed': (host, event) => withInstalled(host, event.data.installed, event.at),
  'deployment.host-reserved': owned,
  'lb.drain.requested': (host) => ({ ...host, outOfService: true }),
  'deployment.host-run-finished': (host, { data }) => ran(host, data, false),
  'deployment.host-enabled': (host) => ({ ...host, outOfService: false }),
  // A delayed reservation is a turn given back without harm.
  'deployment.host-step-delayed': (host, { data }) =>
    data.step === 'reserve' ? { ...free(host), outOfService: false } : host,
  'deployment.host-done': (host) => ({ ...free(host), outOfService: false }),
  'deployment.host-failed': (host, { data }) => ({
    ...free(host),
    outOfService: data.outOfService,
  }),
  'deployment.host-skipped': free,
  'refresh.host-reserved': owned,
  'refresh.host-run-finished': (host, { data }) =>
    free(ran(host, data, data.report?.noop ?? false)),
  'refresh.host-failed': free,
};

/** The read model of hosts: one row per certname, of every stream that touches one. */
export const hostProjection: Projection<HostRecord> = {
  model: 'host',
  types: new Set(['fleet.adopted', ...Object.keys(HANDLERS)]),
  keys(event) {
    if (event.type === 'fleet.adopted') return hostsOfFleet(event);
    return [(event.data as LogEvent<HostEventType>['data']).host];
  },
  everyRow: ({ type }) => type === 'fleet.adopted',
  apply(row, event, key) {
    if (event.type === 'fleet.adopted') return placed(row, event, key);
    return handle(HANDLERS, row ?? unknownHost(Certname.parse(key)), event);
  },
};

function owned(host: HostRecord, { stream }: LogEvent): HostRecord {
  return { ...host, ownedBy: `${stream.type}-${stream.id}` };
}

function free(host: HostRecord): HostRecord {
  return { ...host, ownedBy: null };
}

function ran(
  host: HostRecord,
  run: LogEvent<'deployment.host-run-finished'>['data'],
  noop: boolean,
): HostRecord {
  const { verdict, report, after, finishedAt } = run;
  const lastRun = { at: finishedAt, verdict, noop, outOfSync: report?.counts.outOfSync ?? null };
  return withInstalled({ ...host, lastRun }, after, finishedAt);
}

function hostsOfFleet({ data }: LogEvent<'fleet.adopted'>): readonly string[] {
  return Object.values(data.fleet.environments).flatMap(({ applications }) =>
    Object.values(applications).flatMap(({ hosts }) => hosts),
  );
}

/** A host that left the fleet file is forgotten, unless something is still to be done about it. */
function placed(
  row: HostRecord | undefined,
  { data }: LogEvent<'fleet.adopted'>,
  key: string,
): HostRecord | undefined {
  const places = Object.entries(data.fleet.environments).flatMap(([environment, entry]) =>
    Object.entries(entry.applications)
      .filter(([, { hosts }]) => hosts.some((host) => host === key))
      .map(([application]) => ({ environment, application })),
  );
  if (places.length === 0 && row?.ownedBy === null && !row.outOfService) return undefined;
  return {
    ...(row ?? unknownHost(Certname.parse(key))),
    environments: names(places.map(({ environment }) => environment)),
    applications: names(places.map(({ application }) => application)),
  };
}

const names = (all: readonly string[]): string[] => [...new Set(all)].sort();
