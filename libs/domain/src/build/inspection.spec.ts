import { describe, expect, it } from '@jest/globals';
import {
  Application,
  ApplicationName,
  BuildObserved,
  definitionOf,
  PackageName,
  type Fleet,
} from '@gantry/contracts';
import {
  claimsOf,
  decideObserved,
  evolveBuild,
  examinationOf,
  initialBuild,
  type BuildState,
} from '../index.js';

const NOW = '2026-01-01T00:00:00.000Z';
const GOOD = { signature: { verdict: 'verified', keyId: '91c93c98b413cf7a' } };
const OTHER = { signature: { verdict: 'other-key', keyId: 'ab7b6aad' } };

interface Sighting {
  readonly inspection?: object | undefined;
  readonly repository?: string;
  readonly sha?: string;
}
const sighting = ({ inspection, repository = 'lab', sha = 'a' }: Sighting) =>
  BuildObserved.schema.parse({
    ...{ repository, name: 'shop', evr: '1.1.0-1', arch: 'noarch', sha256: sha.repeat(64) },
    ...{ location: 'shop.rpm', sizeBytes: 1_000, builtAt: NOW },
    ...(inspection && { inspection }),
  });

/** A build after these sightings, and the types of what was written for each. */
function after(...sightings: readonly Sighting[]) {
  const written: string[] = [];
  const state = sightings.reduce<BuildState>((before, one) => {
    const decision = decideObserved(sighting(one), before, NOW);
    const events = decision.outcome === 'accepted' ? decision.events : [];
    for (const { type, data } of events)
      expect(definitionOf(type)?.strict.safeParse(data).error).toBeUndefined();
    written.push(events.map(({ type }) => type.slice('build.'.length)).join(' '));
    return events.reduce(evolveBuild, before);
  }, initialBuild);
  return { state, written, known: examinationOf(state) };
}

describe('what is known of the content of a build', () => {
  it('is nothing while nobody has looked', () => {
    expect(after({}).known).toBeUndefined();
    expect(examinationOf(initialBuild)).toBeUndefined();
  });

  it('H-080 is what its first sighting said', () => {
    expect(after({ inspection: OTHER }).known).toEqual(OTHER);
  });

  it('H-080 is written once when it becomes known later, and again when it is another', () => {
    const { written, known } = after(
      {},
      { inspection: GOOD },
      { inspection: GOOD },
      { inspection: OTHER },
      { inspection: OTHER },
      {},
    );
    expect(written).toEqual(['seen', 'inspected', '', 'inspected', '', 'inspected']);
    expect(known).toEqual({});
  });

  it('H-080 is the worst of what repositories say that have it, and of no other', () => {
    const both = [
      { inspection: GOOD },
      { repository: 'prod', inspection: OTHER },
      { inspection: GOOD },
    ];
    expect(after(...both)).toMatchObject({
      written: ['seen', 'listed inspected', ''],
      known: OTHER,
    });
    const { state } = after(...both);
    const data = { repository: 'prod', name: 'shop', evr: '1.1.0-1' };
    const without = evolveBuild(state, { type: 'build.unlisted', at: NOW, data } as never);
    expect(examinationOf(without)).toEqual(GOOD);
  });

  it('H-080 is of the content that would be installed, not of another under its name', () => {
    const { state } = after({ inspection: OTHER }, { sha: 'b', inspection: GOOD });
    expect(examinationOf(state)).toEqual(OTHER);
    const data = { name: 'shop', evr: '1.1.0-1', reason: 'looked at it' };
    const lifted = evolveBuild(state, { type: 'build.quarantine-lifted', at: NOW, data } as never);
    expect(examinationOf(lifted)).toEqual(GOOD);
  });

  it('H-083 H-086 is everything that anybody found', () => {
    const { known } = after(
      { inspection: { obsoletes: ['cart'], scripts: { kinds: ['post'], reaches: ['reboot'] } } },
      {
        repository: 'prod',
        inspection: { provides: ['cart'], scripts: { kinds: ['pre'], reaches: [] } },
      },
    );
    expect(known).toEqual({
      provides: ['cart'],
      obsoletes: ['cart'],
      scripts: { kinds: ['post', 'pre'], reaches: ['reboot'] },
    });
  });
});

describe('names that a package takes', () => {
  const app = (...names: string[]) =>
    Application.parse({
      packages: names.map((name) => ({ name, hieraKey: 'profile::x' })),
      health: { url: 'http://127.0.0.1/' },
    });
  const applications: Fleet['applications'] = {
    [ApplicationName.parse('shop')]: app('shop', 'shop-data'),
    [ApplicationName.parse('cart')]: app('cart', 'cart-api'),
  };
  const claims = (inspection: object) =>
    claimsOf(applications, 'shop', {
      name: PackageName.parse('shop'),
      inspection: inspection,
    }).map((claim) => `${claim.relation} ${claim.name} of ${claim.application}`);

  it('H-083 are those of other applications, and of its own those that it obsoletes', () => {
    expect(
      claims({
        obsoletes: ['cart', 'shop', 'shop-data', 'gone'],
        provides: ['cart-api', 'shop', 'shop-data', 'web'],
      }),
    ).toEqual([
      'obsoletes shop-data of shop',
      'obsoletes cart of cart',
      'provides cart-api of cart',
    ]);
  });

  it('are none where it lays hands on nobody', () => {
    expect(claims({ provides: ['webshop'], obsoletes: ['old-shop'] })).toEqual([]);
    expect(claims({})).toEqual([]);
  });
});
