import { describe, expect, it } from '@jest/globals';
import { seenPlace, type Shown } from '../../test/seen-place.fixture.js';
import { beginEnable, decideEnable, type EnableVerdict } from './enable.decide.js';

const WINDOW = 300;
const web1 = (shown: Shown, epoch = '1') => [seenPlace('web1', { web1: shown }, { epoch })];

/** What is decided at each of these reads, one every 100 ms. */
function verdicts(first: Shown, reads: readonly ReturnType<typeof web1>[]): EnableVerdict[] {
  let progress = beginEnable(web1(first));
  return reads.map((seen, at) => {
    const decided = decideEnable(progress, seen, WINDOW, at * 100);
    progress = decided.progress;
    return decided.verdict;
  });
}
const times = (n: number, seen: ReturnType<typeof web1>) => Array.from({ length: n }, () => seen);

describe('an enable that waits', () => {
  it('puts a member that is off under check first', () => {
    expect(verdicts('off', [web1('off')])).toEqual(['prepare']);
  });

  it('does not believe a good result before a whole check window has passed', () => {
    const reads = times(4, web1('drain'));
    expect(verdicts('off', reads)).toEqual(['wait', 'wait', 'wait', 'ready']);
  });

  it('believes full health at once where only a check made since can have brought it', () => {
    const proof = (shown: Shown, epoch = '1') => [
      seenPlace('web1', { web1: shown }, { epoch, upProvesCheck: true }),
    ];
    expect(verdicts('off', [proof('drain/checking'), proof('drain')])).toEqual(['wait', 'ready']);
    const drainedBefore = times(4, proof('drain'));
    expect(verdicts('drain', drainedBefore)).toEqual(['wait', 'wait', 'wait', 'ready']);
    expect(verdicts('off', times(4, proof('drain', '2'))).slice(0, 3)).toEqual(
      times(3, []).map(() => 'wait'),
    );
  });

  it('waits on while the check is bad or has not decided', () => {
    const reads = [...times(5, web1('drain/down')), web1('drain/checking'), web1('drain')];
    expect(verdicts('off', reads)).toEqual([...times(6, []).map(() => 'wait'), 'ready']);
  });

  it('begins again after a reload, and takes the member out of the traffic it was put in unchecked', () => {
    const reads = [...times(3, web1('drain')), web1('in', '2'), ...times(4, web1('drain', '2'))];
    expect(verdicts('off', reads)).toEqual([
      'wait',
      'wait',
      'wait',
      'prepare',
      'wait',
      'wait',
      'wait',
      'ready',
    ]);
  });

  it('begins again after a reload that it sees only by the epoch', () => {
    const reads = [...times(3, web1('drain')), ...times(4, web1('drain', '2'))];
    expect(verdicts('off', reads).at(-1)).toBe('ready');
    expect(verdicts('off', reads).slice(0, -1)).toEqual(times(6, []).map(() => 'wait'));
  });

  it('does not disturb a member that was in when it came', () => {
    expect(verdicts('in', times(4, web1('in')))).toEqual(['wait', 'wait', 'wait', 'ready']);
  });
});
