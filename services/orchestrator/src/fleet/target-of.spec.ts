import { describe, expect, it } from '@jest/globals';
import {
  ApplicationName,
  DeploymentTarget,
  EnvironmentName,
  Evr,
  PinnedPackage,
  type Fleet,
} from '@gantry/contracts';
import { changed, GOOD } from './fleet-examples.suite.js';
import { parseFleetFile } from './fleet-file.js';
import { strategyFor } from '@gantry/domain';
import { targetOf } from './target-of.js';

const shop = ApplicationName.parse('shop');
const production = EnvironmentName.parse('production');
const certification = EnvironmentName.parse('certification');
const evr = Evr.parse('1.2.0-1');
const packages = [
  PinnedPackage.parse({
    name: 'shop',
    hieraKey: 'profile::shop::version',
    evr,
    sha256: 'a'.repeat(64),
  }),
];

function fleetOf(text: string): Fleet {
  const result = parseFleetFile(text, 'fleet.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.fleet;
}

describe('strategyFor', () => {
  it("is the application's own where the placement says nothing", () => {
    expect(strategyFor(fleetOf(GOOD), production, shop)).toMatchObject({
      absoluteMin: 2,
      minPercent: 50,
      failureBudget: 0,
    });
  });

  it("changes only what the placement writes: everything else stays the application's, not the default", () => {
    expect(strategyFor(fleetOf(GOOD), certification, shop)).toMatchObject({
      absoluteMin: 1,
      minPercent: 50,
    });
  });

  it('goes into the groups: one field of drain leaves its others alone', () => {
    const text = changed(
      'minPercent: 50',
      'minPercent: 50\n      drain: { timeoutMs: 1000, onTimeout: force }',
    ).replace(
      '{ absoluteMin: 1 }',
      '{ absoluteMin: 1, drain: { timeoutMs: 5 }, canary: { bakeMs: 7 } }',
    );
    expect(strategyFor(fleetOf(text), certification, shop)).toMatchObject({
      drain: { timeoutMs: 5, onTimeout: 'force', maxConnections: 0 },
      canary: { hosts: 1, bakeMs: 7 },
      run: { timeoutMs: 1_800_000 },
    });
  });

  it('is undefined where the application is not placed', () => {
    expect(strategyFor(fleetOf(GOOD), EnvironmentName.parse('staging'), shop)).toBeUndefined();
    expect(
      strategyFor(fleetOf(GOOD), production, ApplicationName.parse('constructor')),
    ).toBeUndefined();
  });
});

describe('targetOf', () => {
  it('holds all a deployment needs, so that it survives the next fleet file', () => {
    const target = targetOf(fleetOf(GOOD), {
      application: shop,
      environment: production,
      evr,
      packages,
    });
    expect(target).toMatchObject({
      application: 'shop',
      environment: 'production',
      evr: '1.2.0-1',
      packages,
      health: { url: 'http://127.0.0.1:8080/health' },
      strategy: { absoluteMin: 2 },
      pools: [{ pool: 'shop-production', device: 'lb-1', backend: 'be_shop', size: 3 }],
      puppetServers: [{ server: 'puppet1.example.net', maxConcurrentRuns: 10 }],
    });
    expect(
      target?.hosts.map(({ host, memberships }) => [host, memberships.map(({ member }) => member)]),
    ).toEqual([
      ['web1.example.net', ['srv1']],
      ['web2.example.net', ['srv2']],
      ['web3.example.net', ['srv3']],
    ]);
    expect(DeploymentTarget.strict().safeParse(target).success).toBe(true);
  });

  it('takes hosts without a load balancer as they are', () => {
    const target = targetOf(fleetOf(GOOD), {
      application: shop,
      environment: certification,
      evr,
      packages,
    });
    expect(target).toMatchObject({
      hosts: [{ host: 'cert1.example.net', memberships: [] }],
      pools: [],
    });
  });

  it('is undefined where the application is not placed', () => {
    expect(
      targetOf(fleetOf(GOOD), {
        application: shop,
        environment: EnvironmentName.parse('constructor'),
        evr,
        packages,
      }),
    ).toBeUndefined();
  });
});
