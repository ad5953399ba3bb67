import type { LogEvent } from './log-event.js';
import type { Projection } from './projection.js';

/** Key of the only row. */
export const FLEET_KEY = 'main';

/** What the fleet file in force says of who runs what; the rest of it concerns nobody who reads here. */
export interface FleetRecord {
  readonly adoptedAt: string;
  /** Names of an application's packages; the first stands for its version. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  /** Applications of each pipeline, and its environments in order. */
  readonly pipelines: Readonly<
    Record<
      string,
      { readonly applications: readonly string[]; readonly environments: readonly string[] }
    >
  >;
  readonly placements: readonly {
    readonly environment: string;
    readonly application: string;
    readonly hosts: readonly string[];
  }[];
}

/** The read model of the fleet file: one row, the last adopted. */
export const fleetProjection: Projection<FleetRecord> = {
  model: 'fleet',
  types: new Set(['fleet.adopted']),
  keys: () => [FLEET_KEY],
  apply: (row, event) => (event.type === 'fleet.adopted' ? adopted(event) : row),
};

function adopted(event: LogEvent<'fleet.adopted'>): FleetRecord {
  const { applications, environments, pipelines = {} } = event.data.fleet;
  return {
    adoptedAt: event.at,
    packages: Object.fromEntries(
      Object.entries(applications).map(([name, { packages }]) => [
        name,
        packages.map((item) => item.name),
      ]),
    ),
    pipelines: Object.fromEntries(
      Object.entries(pipelines).map(([name, { applications: travel, stages }]) => [
        name,
        { applications: travel, environments: stages.map((s) => s.environment) },
      ]),
    ),
    placements: Object.entries(environments).flatMap(([environment, { applications: placed }]) =>
      Object.entries(placed).map(([application, { hosts }]) => ({
        environment,
        application,
        hosts,
      })),
    ),
  };
}
