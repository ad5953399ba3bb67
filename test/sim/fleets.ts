import { NEXT_EVR, type Happening, type Scenario, type SimApplication } from './scenario.js';

const SHOP: SimApplication = {
  name: 'shop',
  good: true,
  strategy: { canary: { hosts: 1 }, maxUnavailablePercent: 50, minPercent: 50 },
};

/** Three hosts in one pool, and one application that is brought out after two seconds. What befalls it is added. */
export function oneDeployment(
  seed: string,
  happenings: readonly Happening[] = [],
  shop: Partial<SimApplication> = {},
): Scenario {
  return {
    seed,
    hosts: ['web1.sim', 'web2.sim', 'web3.sim'],
    foreign: [],
    pools: ['web'],
    applications: [{ ...SHOP, ...shop }],
    runs: {},
    happenings: [deploy(2_000), ...happenings],
  };
}

/** Two applications on the same hosts, each host in two pools, both brought out at once. */
export function twoDeployments(seed: string, happenings: readonly Happening[] = []): Scenario {
  const fleet = oneDeployment(seed, [deploy(2_001, 'portal'), ...happenings]);
  return {
    ...fleet,
    hosts: ['web1.sim', 'web2.sim', 'web3.sim', 'web4.sim'],
    pools: ['web', 'api'],
    applications: [SHOP, { ...SHOP, name: 'portal' }],
  };
}

export const deploy = (atMs: number, application = 'shop', evr = NEXT_EVR): Happening => ({
  atMs,
  kind: 'deploy',
  application,
  evr,
});
