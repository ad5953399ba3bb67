import { describe, expect, it } from '@jest/globals';
import { BuildObserved, BuildQuarantined, definitionOf, LiftQuarantine } from '@gantry/contracts';
import {
  decideLift,
  decideObserved,
  evolveBuild,
  initialBuild,
  type BuildFact,
  type BuildState,
} from '../index.js';

const NOW = '2026-01-01T00:00:00.000Z';
const seen = (digit: string) =>
  BuildObserved.schema.parse({
    repository: 'lab',
    name: 'shop',
    evr: '1.1.0-1',
    arch: 'noarch',
    sha256: digit.repeat(64),
    location: 'Packages/shop.rpm',
    sizeBytes: 1_000,
    builtAt: NOW,
  });
const lift = LiftQuarantine.schema.parse({ name: 'shop', evr: '1.1.0-1', reason: 'fixed' });
const quarantined: BuildFact = {
  type: 'build.quarantined',
  at: NOW,
  data: BuildQuarantined.schema.parse({
    name: 'shop',
    evr: '1.1.0-1',
    reason: 'rolled back',
    deploymentId: '0192f5a0-0000-7000-8000-000000000001',
  }),
};

/** A build after these things, checked against the contracts on the way. */
function after(...happenings: readonly (string | BuildFact)[]): BuildState {
  return happenings.reduce<BuildState>((state, what) => {
    if (typeof what !== 'string') return evolveBuild(state, what);
    const decision =
      what === 'lift' ? decideLift(lift, state, NOW) : decideObserved(seen(what), state, NOW);
    if (decision.outcome !== 'accepted') return state;
    for (const fact of [...decision.events, ...decision.also])
      expect(definitionOf(fact.type)?.strict.safeParse(fact.data).error).toBeUndefined();
    return decision.events.reduce(evolveBuild, state);
  }, initialBuild);
}

describe('a build', () => {
  it('is deployable from its first sighting on, under the checksum of that sighting', () => {
    expect(after('a')).toMatchObject({ status: 'deployable', sha256: 'a'.repeat(64) });
    expect(decideObserved(seen('a'), after('a'), NOW).outcome).toBe('ignored');
  });

  it('is an alarm when the repository serves other content under its name, once', () => {
    const decision = decideObserved(seen('b'), after('a'), NOW);
    expect(decision).toMatchObject({
      outcome: 'accepted',
      events: [{ type: 'build.changed', data: { pinnedSha256: 'a'.repeat(64) } }],
      also: [{ type: 'attention.opened', data: { key: 'artifact.shop-1.1.0-1' } }],
    });
    const changed = after('a', 'b');
    expect(changed).toMatchObject({ status: 'changed', sha256: 'a'.repeat(64) });
    expect(decideObserved(seen('b'), changed, NOW).outcome).toBe('ignored');
    expect(decideObserved(seen('a'), changed, NOW).outcome).toBe('ignored');
  });

  it('stays held when a rollback quarantined it, until a named person lifts that', () => {
    expect(after('a', quarantined)).toMatchObject({ status: 'quarantined', note: 'rolled back' });
    expect(after('a', quarantined, 'a').status).toBe('quarantined');
    expect(after('a', quarantined, 'lift').status).toBe('deployable');
  });

  it('closes its alarm when it is allowed again', () => {
    expect(decideLift(lift, after('a', 'b'), NOW)).toMatchObject({
      also: [{ type: 'attention.closed', data: { key: 'artifact.shop-1.1.0-1' } }],
    });
  });

  it('cannot be allowed before it was seen, and need not be when nothing holds it', () => {
    expect(decideLift(lift, initialBuild, NOW)).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'unknown-build' },
    });
    expect(decideLift(lift, after('a'), NOW).outcome).toBe('ignored');
  });

  it('is nothing before it was seen', () => {
    expect(evolveBuild(initialBuild, quarantined)).toBe(initialBuild);
  });
});
