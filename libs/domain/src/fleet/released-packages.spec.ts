import { describe, expect, it } from '@jest/globals';
import type { Fleet, PipelineName } from '@gantry/contracts';
import { releasedPackages, releasingSince } from './released-packages.js';

const [FIRST, SECOND] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'] as const;
const MAIN = 'main' as PipelineName;
/** A fleet whose pipeline releases applications of one package each, named alike. */
const releasing = (...applications: string[]): Fleet =>
  ({
    applications: Object.fromEntries(applications.map((name) => [name, { packages: [{ name }] }])),
    pipelines: { [MAIN]: { applications } },
  }) as unknown as Fleet;
const after = (before: Fleet | undefined, fleet: Fleet) =>
  releasingSince({ fleet: before, since: new Map([[MAIN, FIRST]]) }, fleet, SECOND).get(MAIN);

describe('what pipelines release', () => {
  it('is every package of their applications', () => {
    expect(releasedPackages(releasing('shop', 'desk')).get(MAIN)).toEqual(['shop', 'desk']);
    expect(releasedPackages(undefined).size).toBe(0);
  });

  it('is released since then while it stays the same, whatever else changes', () => {
    expect(after(releasing('shop'), { ...releasing('shop'), version: 2 } as unknown as Fleet)).toBe(
      FIRST,
    );
  });

  it.each([
    ['a pipeline that was not there', undefined, releasing('shop')],
    ['one more application', releasing('shop'), releasing('shop', 'desk')],
    ['another application', releasing('shop'), releasing('desk')],
  ])('begins with %s', (_what, before, fleet) => {
    expect(after(before, fleet)).toBe(SECOND);
  });
});
