import type { Scenario, SimApplication } from '../scenario.js';

export const DEVICE = 'lb';
export const SERVER = 'puppet.sim';
export const ENVIRONMENT = 'production';
/** Whose hosts the foreign members of a pool are; nobody deploys it here. */
const OTHERS = 'others';

/** The fleet file of a scenario, as JSON, which is YAML: every application on every host, every host and foreign member in every pool. */
export function fleetText({ applications, hosts, foreign, pools }: Scenario): string {
  const members = Object.fromEntries([...hosts, ...foreign].map((name) => [name, name]));
  const others = foreign.length === 0 ? [] : [{ name: OTHERS, strategy: {}, hosts: foreign }];
  const all: Placed[] = [...applications.map((each) => ({ ...each, hosts })), ...others];
  return JSON.stringify({
    version: 1,
    applications: Object.fromEntries(
      all.map(({ name, strategy }) => [
        name,
        { ...packageOf(name), strategy: { ...TIMES, ...strategy } },
      ]),
    ),
    pools: Object.fromEntries(
      pools.map((pool) => [pool, { device: DEVICE, backend: pool, members }]),
    ),
    puppetServers: { [SERVER]: {} },
    environments: {
      [ENVIRONMENT]: {
        puppetServers: [SERVER],
        applications: Object.fromEntries(all.map((each) => [each.name, placementOf(each, pools)])),
      },
    },
  });
}

type Placed = Pick<SimApplication, 'name' | 'strategy' | 'approval'> & {
  readonly hosts: readonly string[];
};

const placementOf = ({ hosts, approval }: Placed, pools: readonly string[]): object => ({
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
