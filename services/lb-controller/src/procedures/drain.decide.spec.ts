import { describe, expect, it } from '@jest/globals';
import { seenPlace } from '../../test/seen-place.fixture.js';
import { beginDrain, decideDrain, type DrainVerdict } from './drain.decide.js';
import type { FoundPlace } from './seen-place.js';

const limits = { timeoutMs: 1_000, maxConnections: 2, graceMs: 500 };
const web1 = (
  connections: number | null,
  more: { admin?: 'in' | 'drain'; epoch?: string; epochAgeMs?: number } = {},
) => {
  const { admin = 'drain', ...rest } = more;
  return [seenPlace('web1', { web1: admin }, { connections, ...rest })];
};

/** What is decided at each of these reads, one every 100 ms. */
function verdicts(reads: readonly (readonly FoundPlace[] | undefined)[]): DrainVerdict[] {
  let progress = beginDrain(web1(0), 0);
  return reads.map((seen, at) => {
    const decided = decideDrain(limits, progress, seen, at * 100);
    progress = decided.progress;
    return decided.verdict;
  });
}

describe('a drain that waits', () => {
  it('is idle at the second read in a row with few enough connections', () => {
    expect(verdicts([web1(5), web1(2), web1(2)])).toEqual(['wait', 'wait', 'idle']);
  });

  it.each([
    ['new connections', web1(3)],
    ['a read that failed', undefined],
    ['a device that does not tell the count', web1(null)],
  ])('begins to count again after %s', (_name, between) => {
    expect(verdicts([web1(0), between, web1(0), web1(0)])).toEqual([
      'wait',
      'wait',
      'wait',
      'idle',
    ]);
  });

  it('adds up the connections of all places', () => {
    const two = [...web1(2), ...web1(1)];
    expect(verdicts([two, two])).toEqual(['wait', 'wait']);
  });

  it('sets the drain again when a reload forgot it, as often as that happens', () => {
    const forgot = (epoch: string) => web1(0, { admin: 'in', epoch, epochAgeMs: 0 });
    const reads = ['2', '3', '4', '5', '6', '7'].map(forgot);
    expect(verdicts(reads)).toEqual(reads.map(() => 'again'));
  });

  it('gives up against somebody who keeps undoing it', () => {
    const undone = web1(0, { admin: 'in' });
    expect(verdicts([undone, undone, undone, undone])).toEqual([
      'again',
      'again',
      'again',
      'contested',
    ]);
  });

  it('does not trust the count of a young epoch', () => {
    const young = web1(0, { epoch: '2', epochAgeMs: 499 });
    const grown = web1(0, { epoch: '2', epochAgeMs: 500 });
    expect(verdicts([young, young, young, grown, grown])).toEqual([
      'wait',
      'wait',
      'wait',
      'wait',
      'idle',
    ]);
  });

  it('is late at its time limit, also when nothing can be read', () => {
    const reads = Array.from({ length: 11 }, () => web1(9));
    expect(verdicts(reads).at(-1)).toBe('timeout');
    expect(verdicts(reads.map(() => undefined)).at(-1)).toBe('timeout');
  });
});
