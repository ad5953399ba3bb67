import type { Scenario, SimStage } from '../scenario.js';

export const ENVIRONMENT = 'production';

/** Hosts that one environment has, and the pools that they are in. */
export interface Place {
  readonly environment: string;
  readonly hosts: readonly string[];
  readonly pools: readonly string[];
}

/** The environments of a scenario: one per stage, or one for everything. */
export function placesOf({ pipeline, hosts, pools }: Scenario): readonly Place[] {
  if (pipeline === undefined) return [{ environment: ENVIRONMENT, hosts, pools }];
  return pipeline.stages.map((stage) => ({
    environment: stage.environment,
    hosts: stage.hosts,
    pools: [stage.environment],
  }));
}

/** The members of every pool. Those of somebody else are in all pools. */
export function membersOf(scenario: Scenario): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    placesOf(scenario).flatMap(({ hosts, pools }) =>
      pools.map((pool) => [pool, [...hosts, ...scenario.foreign]] as const),
    ),
  );
}

/** The stage of an environment; undefined where there is no pipeline. */
export const stageNamed = ({ pipeline }: Scenario, environment: string): SimStage | undefined =>
  pipeline?.stages.find((stage) => stage.environment === environment);
