import type { Scenario, SimApplication, SimPipeline, SimStage } from '../scenario.js';
import { membersOf, placesOf, stageNamed, type Place } from './places.js';

export const DEVICE = 'lb';
export const SERVER = 'puppet.sim';
export const PIPELINE = 'main';
/** The deadline of every gate. */
const GATE_MS = 10_000;
/** Whose hosts the foreign members of a pool are; nobody deploys it here. */
const OTHERS = 'others';

/** The fleet file of a scenario, as JSON, which is YAML: every application on every host, every host and foreign member in every pool. */
export function fleetText(scenario: Scenario): string {
  const { applications, foreign, pipeline } = scenario;
  const others = foreign.length === 0 ? [] : [{ name: OTHERS, strategy: {} }];
  return JSON.stringify({
    version: 1,
    applications: Object.fromEntries(
      [...applications, ...others].map(({ name, strategy }) => [
        name,
        { ...packageOf(name), strategy: { ...TIMES, ...strategy } },
      ]),
    ),
    pools: Object.fromEntries(
      Object.entries(membersOf(scenario)).map(([pool, members]) => [
        pool,
        { device: DEVICE, backend: pool, members: named(members) },
      ]),
    ),
    puppetServers: { [SERVER]: {} },
    environments: Object.fromEntries(
      placesOf(scenario).map((place) => [
        place.environment,
        {
          puppetServers: [SERVER],
          ...windowsOf(stageNamed(scenario, place.environment)),
          applications: Object.fromEntries([
            ...applications.map((each) => [each.name, placementOf(each, place)] as const),
            ...others.map(({ name }) => [name, { hosts: foreign, pools: place.pools }] as const),
          ]),
        },
      ]),
    ),
    ...(pipeline === undefined ? {} : pipelineText(pipeline, applications)),
  });
}

const named = (members: readonly string[]): object =>
  Object.fromEntries(members.map((name) => [name, name]));

/** Gates are http gates here, whatever they are: the verifier is a model. */
function pipelineText({ stages }: SimPipeline, applications: Scenario['applications']): object {
  const gates = stages.flatMap(({ before, after, watch }) => [
    ...(before ?? []),
    ...(after ?? []),
    ...(watch ?? []),
  ]);
  return {
    gates: Object.fromEntries(
      gates.map((gate) => [gate, { kind: 'http', url: 'http://sim/', deadlineMs: GATE_MS }]),
    ),
    pipelines: {
      [PIPELINE]: {
        applications: applications.slice(0, 1).map(({ name }) => name),
        stages: stages.map(({ hosts: _, closed: __, ...stage }) => stage),
      },
    },
  };
}

/** Open all day but for the minutes in which it is closed: a play begins at midnight. */
function windowsOf(stage: SimStage | undefined): object {
  if (stage?.closed === undefined) return {};
  const [from, to] = stage.closed;
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const spans = [...(from === 0 ? [] : [[clock(0), clock(from)]]), [clock(to), '24:00']];
  const windows = spans.map(([opens, closes]) => ({
    ...{ days, from: opens, to: closes, timeZone: 'UTC' },
  }));
  return { windows, whenWindowCloses: 'pause' };
}

const clock = (minute: number): string => `00:${String(minute).padStart(2, '0')}`;

const placementOf = (
  { approval }: Pick<SimApplication, 'approval'>,
  { hosts, pools }: Place,
): object => ({
  hosts,
  pools,
  ...(approval === undefined ? {} : { approval }),
});

const TIMES = {
  drain: { timeoutMs: 20_000 },
  enableTimeoutMs: 30_000,
  run: { timeoutMs: 120_000, waitForLockMs: 30_000 },
};

const packageOf = (name: string): object => ({
  packages: [{ name, hieraKey: `profile::${name}::version` }],
  health: { url: 'http://127.0.0.1:8080/health', deadlineMs: 20_000 },
});
