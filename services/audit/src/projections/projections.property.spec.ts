import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '@gantry/domain';
import fc from 'fast-check';
import { D1, D2, placed, STORIES, type Told } from '../../test/log-story.js';
import { succeeds } from '../../test/release-story.js';
import { MemoryModels } from '../../test/memory-models.js';

/** Interleaves stories as the feed may: each in its own order. */
function interleaved(choices: readonly number[]): Told[] {
  const rest = [...STORIES, succeeds].map((story) => [...story]);
  const told: Told[] = [];
  for (let index = 0; rest.some((story) => story.length > 0); index += 1) {
    const open = rest.filter((story) => story.length > 0);
    const next = open[(choices[index % choices.length] ?? 0) % open.length]?.shift();
    if (next !== undefined) told.push(next);
  }
  return told;
}

function chunks<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  const result: T[][] = [];
  for (let from = 0, index = 0; from < items.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    result.push(items.slice(from, from + size));
    from += size;
  }
  return result;
}

const choices = fc.array(fc.nat({ max: 6 }), { minLength: 5, maxLength: 60 });
const feed = (chosen: readonly number[]) => placed(interleaved(chosen));
const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 });
const rebuilt = (events: ReturnType<typeof placed>): string =>
  canonicalJson(new MemoryModels().apply(events).all());

describe('read models', () => {
  it('are the same however the feed was cut into batches', () => {
    fc.assert(
      fc.property(choices, sizes, (chosen, cuts) => {
        const events = feed(chosen);
        const live = new MemoryModels();
        for (const batch of chunks(events, cuts)) live.apply(batch);
        expect(canonicalJson(live.all())).toBe(rebuilt(events));
      }),
      { numRuns: 60 },
    );
  });

  it('are the same at every place when rebuilt up to there', () => {
    fc.assert(
      fc.property(choices, fc.double({ min: 0, max: 1, noNaN: true }), (chosen, share) => {
        const events = feed(chosen);
        const upTo = Math.round(events.length * share);
        const live = new MemoryModels();
        for (const event of events.slice(0, upTo)) live.apply([event]);
        expect(canonicalJson(live.all())).toBe(rebuilt(events.slice(0, upTo)));
      }),
      { numRuns: 30 },
    );
  });

  it('end as each stream was told, however streams are interleaved', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const { build, deployment, refresh } = new MemoryModels().apply(feed(chosen)).all();
        expect(Object.values(build ?? {})).toMatchObject([
          { state: 'deployable' },
          { state: 'deployable' },
        ]);
        expect(deployment).toMatchObject({
          [D1]: { status: 'succeeded', version: 33 },
          [D2]: { status: 'rolled-back', version: 54 },
        });
        expect(Object.values(refresh ?? {})).toMatchObject([{ status: 'completed' }]);
      }),
      { numRuns: 20 },
    );
  });
});
