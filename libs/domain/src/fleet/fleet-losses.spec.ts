import { describe, expect, it } from '@jest/globals';
import { Fleet } from '@gantry/contracts';
import fc from 'fast-check';
import { fleetLosses } from '../index.js';

const LIMIT = 20;
const hosts = (n: number, prefix = 'web') => Array.from({ length: n }, (_, i) => `${prefix}${i}`);

/** A fleet of applications in environments; hosts without a pool, unless one is named for them. */
function fleetOf(
  environments: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  more: {
    readonly pools?: Readonly<Record<string, readonly string[]>>;
    readonly strategy?: object;
    readonly placed?: object;
    readonly rest?: object;
  } = {},
): Fleet {
  const names = Object.values(environments).flatMap((placed) => Object.keys(placed));
  const application = {
    packages: [{ name: 'shop', hieraKey: 'profile::shop::version' }],
    health: { url: 'http://127.0.0.1/health' },
    strategy: more.strategy ?? {},
  };
  return Fleet.parse({
    version: 1,
    applications: Object.fromEntries(names.map((name) => [name, application])),
    pools: Object.fromEntries(
      Object.entries(more.pools ?? {}).map(([name, members]) => [
        name,
        { device: 'lb', backend: name, members: Object.fromEntries(members.map((h) => [h, h])) },
      ]),
    ),
    puppetServers: { puppet: {} },
    environments: Object.fromEntries(
      Object.entries(environments).map(([name, placed]) => [
        name,
        {
          puppetServers: ['puppet'],
          applications: Object.fromEntries(
            Object.entries(placed).map(([one, list]) => [
              one,
              { hosts: list, pools: [], ...more.placed },
            ]),
          ),
        },
      ]),
    ),
    ...more.rest,
  });
}

const paths = (before: Fleet, after: Fleet, limit = LIMIT) =>
  fleetLosses(before, after, limit).map(({ path }) => path);

describe('H-069 what a fleet change takes away', () => {
  it('H-069 is told with names and numbers, and the names are capped', () => {
    const before = fleetOf({ production: { shop: hosts(40) } });
    expect(fleetLosses(before, fleetOf({ production: { shop: hosts(25) } }), LIMIT)).toEqual([
      {
        path: 'environments.production',
        message: `loses 15 of its 40 hosts (37.5 %, up to 20 % needs nobody's consent): ${hosts(40).slice(25, 35).join(', ')} and 5 more`,
      },
    ]);
  });

  it('H-069 up to the limit needs nobody, one more host does', () => {
    const before = fleetOf({ production: { shop: hosts(10) } });
    expect(paths(before, fleetOf({ production: { shop: hosts(8) } }))).toEqual([]);
    expect(paths(before, fleetOf({ production: { shop: hosts(7) } }))).toHaveLength(1);
  });

  it('H-069 counts each environment by itself, and a host that moves to another is gone from its own', () => {
    const before = fleetOf({ staging: { a: hosts(4, 's') }, production: { a: hosts(100) } });
    const less = fleetOf({ staging: { a: hosts(3, 's') }, production: { a: hosts(100) } });
    const moved = fleetOf({
      staging: { a: [...hosts(4, 's'), ...hosts(100).slice(70)] },
      production: { a: hosts(70) },
    });
    expect(paths(before, less)).toEqual(['environments.staging']);
    expect(paths(before, moved)).toEqual(['environments.production']);
  });

  it('H-069 an application that loses its hosts is not hidden by a large environment', () => {
    const before = fleetOf({ production: { large: hosts(100), small: hosts(4, 's') } });
    const fewer = fleetOf({ production: { large: hosts(100), small: hosts(2, 's') } });
    const gone = fleetOf({ production: { large: hosts(100) } });
    expect(paths(before, fewer)).toEqual(['environments.production.applications.small']);
    expect(paths(before, gone)).toEqual(['environments.production.applications.small']);
  });

  it('H-069 nor is a pool by an environment that keeps all its hosts', () => {
    const all = { production: { shop: hosts(10) } };
    const before = fleetOf(all, { pools: { web: hosts(10), api: hosts(10) } });
    expect(paths(before, fleetOf(all, { pools: { web: hosts(7), api: hosts(8) } }))).toEqual([
      'pools.web',
    ]);
    expect(paths(before, fleetOf(all, { pools: { web: hosts(10) } }))).toEqual(['pools.api']);
  });

  it('H-069 an environment that is gone is told whatever its size, also where the limit lets every host go', () => {
    const before = fleetOf({ staging: { a: ['s'] }, production: { a: hosts(100) } });
    const after = fleetOf({ production: { a: hosts(100) } });
    expect(fleetLosses(before, after, 100)).toEqual([
      { path: 'environments.staging', message: 'is removed with its 1 hosts: s' },
    ]);
  });

  it('H-069 a lowered minimum is told for each place it holds in, wherever it was written', () => {
    const places = { staging: { shop: hosts(9, 's') }, production: { shop: hosts(9) } };
    const before = fleetOf(places, { strategy: { minPercent: 66, absoluteMin: 3 } });
    const lower = fleetOf(places, { strategy: { minPercent: 50, absoluteMin: 3 } });
    const placed = fleetOf(places, {
      strategy: { minPercent: 66, absoluteMin: 3 },
      placed: { strategy: { absoluteMin: 2 } },
    });
    const at = (environment: string) => `environments.${environment}.applications.shop.strategy`;
    expect(fleetLosses(before, lower, LIMIT)).toEqual([
      { path: `${at('staging')}.minPercent`, message: 'is lowered from 66 to 50' },
      { path: `${at('production')}.minPercent`, message: 'is lowered from 66 to 50' },
    ]);
    expect(paths(before, placed)).toEqual(
      ['staging', 'production'].map((name) => `${at(name)}.absoluteMin`),
    );
    expect(paths(lower, before)).toEqual([]);
    const budget = fleetOf(places, {
      strategy: { minPercent: 66, absoluteMin: 3, failureBudget: 5 },
    });
    expect(paths(before, budget)).toEqual([]);
  });

  it.each([
    ['dropped', undefined, 1],
    ['of fewer people', { quorum: 1, group: 'owners' }, 1],
    ['of anybody', { quorum: 2 }, 1],
    ['of more people', { quorum: 3, group: 'owners' }, 0],
  ])('H-069 an approval that is %s', (_what, approval, count) => {
    const rest = { groups: { owners: ['a', 'b', 'c'] } };
    const places = { production: { shop: hosts(3) } };
    const before = fleetOf(places, { placed: { approval: { quorum: 2, group: 'owners' } }, rest });
    const after = fleetOf(places, { placed: approval === undefined ? {} : { approval }, rest });
    expect(fleetLosses(before, after, LIMIT)).toHaveLength(count);
  });

  it('H-069 a stage that goes, or that asks for less', () => {
    const piped = (stages: readonly object[]) =>
      fleetOf(
        { staging: { shop: hosts(3, 's') }, production: { shop: hosts(3) } },
        {
          rest: {
            gates: { smoke: { kind: 'http', url: 'http://127.0.0.1/smoke' } },
            pipelines: { main: { applications: ['shop'], stages } },
          },
        },
      );
    const asking = { environment: 'production', start: 'approval', before: ['smoke'] };
    const before = piped([{ environment: 'staging' }, asking]);
    expect(paths(before, piped([asking]))).toEqual(['pipelines.main.stages[staging]']);
    expect(
      paths(before, piped([{ environment: 'staging' }, { environment: 'production' }])),
    ).toEqual([
      'pipelines.main.stages[production].start',
      'pipelines.main.stages[production].before',
    ]);
  });

  it('H-069 counting: the share of what goes decides, and what is added never does', () => {
    const size = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(size, fc.nat(59), fc.nat(30), fc.nat(100), (n, out, added, limit) => {
        const gone = Math.min(out, n - 1);
        const left = [...hosts(n).slice(gone), ...hosts(added, 'new')];
        const before = fleetOf({ production: { shop: hosts(n) } }, { pools: { web: hosts(n) } });
        const after = fleetOf({ production: { shop: left } }, { pools: { web: left } });
        const told = gone * 100 > n * limit ? ['environments.production', 'pools.web'] : [];
        expect(paths(before, after, limit)).toEqual(told);
        expect(paths(before, before, 0)).toEqual([]);
      }),
    );
  });
});
