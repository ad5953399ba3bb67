import { describe, expect, it } from '@jest/globals';
import type { Evr } from '@gantry/contracts';
import { isOverdue, type PipelineState } from './pipeline.js';

const [BEFORE, SINCE, AFTER] = ['01', '02', '03'].map((day) => `2026-01-${day}T00:00:00.000Z`);
const newest = (evr: string) => ({ newest: { evr: evr as Evr, releaseId: 'r' } }) as PipelineState;
const build = (publishedAt = AFTER!) => ({ evr: '1.2.0-1' as Evr, publishedAt });

describe('a build that has not set out', () => {
  it('is overdue when its pipeline released it already and nothing as new was announced', () => {
    expect(isOverdue(build(), { newest: undefined }, SINCE)).toBe(true);
    expect(isOverdue(build(), newest('1.1.0-9'), SINCE)).toBe(true);
  });

  it.each([
    ['as new a build was announced', build(), newest('1.2.0-1'), SINCE],
    ['a newer one was announced', build(), newest('1.10.0-1'), SINCE],
    ['it was there before its pipeline', build(BEFORE), newest('1.1.0-1'), SINCE],
    ['it came in the moment of its pipeline', build(SINCE), newest('1.1.0-1'), SINCE],
    ['there is no pipeline', build(), newest('1.1.0-1'), undefined],
  ])('is left to people when %s', (_why, seen, state, since) => {
    expect(isOverdue(seen, state, since)).toBe(false);
  });
});
