import { describe, expect, it } from '@jest/globals';
import { LbFailureKind, NotRunWhy, RunFailureWhy } from '@gantry/contracts';
import {
  DRAIN_REACTIONS,
  ENABLE_REACTIONS,
  leavesUnchanged,
  NOT_RUN_REACTIONS,
  reactionToRun,
  RUN_FAILURE_REACTIONS,
  withoutRetry,
  type Reaction,
} from './outcome-table.js';

const notRun = (why: NotRunWhy) => ({ kind: 'not-run', why, detail: '' }) as const;
const failed = (why: RunFailureWhy) => ({ kind: 'failed', why, detail: '' }) as const;

/** A reaction in one line. */
const told = (r: Reaction | undefined): string =>
  r === undefined
    ? 'go on'
    : r.do === 'retry'
      ? `${r.class}: ${r.limit} times more, then ${r.then}`
      : `${r.class}: ${r.do}`;

describe('what an outcome leads to', () => {
  it.each<[LbFailureKind, string, string]>([
    ['capacity', 'noise: requeue', 'noise: 5 times more, then stay-out'],
    ['timeout', 'broken: give-up-unchanged', 'static: 2 times more, then stay-out'],
    ['not-found', 'broken: give-up-unchanged', 'broken: stay-out'],
    [
      'unreachable',
      'static: 5 times more, then give-up-unchanged',
      'static: 60 times more, then stay-out',
    ],
    [
      'not-effective',
      'static: 3 times more, then give-up-unchanged',
      'static: 3 times more, then stay-out',
    ],
    ['stale-epoch', 'noise: requeue', 'unknown: stay-out'],
    ['unhealthy', 'broken: give-up-unchanged', 'broken: stay-out'],
  ])('%s from a load balancer', (kind, drain, enable) => {
    expect(told(DRAIN_REACTIONS[kind])).toBe(drain);
    expect(told(ENABLE_REACTIONS[kind])).toBe(enable);
  });

  it.each<[NotRunWhy, string]>([
    ['busy', 'noise: 20 times more, then give-up-unchanged'],
    ['disabled', 'broken: give-up-unchanged'],
    ['certificate', 'broken: give-up-unchanged'],
    ['expired', 'static: 5 times more, then give-up-unchanged'],
    ['refused', 'broken: give-up-unchanged'],
    ['journal-unwritable', 'broken: give-up-unchanged'],
    ['needs-resync', 'broken: give-up-unchanged'],
    ['interrupted', 'unknown: 2 times more, then stay-out'],
    ['unexplained', 'unknown: 2 times more, then stay-out'],
  ])('no run: %s', (why, reaction) => {
    expect(told(reactionToRun(notRun(why)))).toBe(reaction);
  });

  it.each<[RunFailureWhy, string]>([
    ['server-unreachable', 'static: 5 times more, then stay-out'],
    ['catalog-failed', 'broken: stay-out'],
    ['cached-catalog', 'broken: stay-out'],
    ['noop', 'broken: stay-out'],
    ['interrupted', 'unknown: 2 times more, then stay-out'],
    ['timed-out', 'broken: stay-out'],
    ['resources-failed', 'broken: stay-out'],
    ['wrong-version', 'broken: stay-out'],
    ['version-not-published', 'static: 2 times more, then stay-out'],
  ])('a run that failed: %s', (why, reaction) => {
    expect(told(reactionToRun(failed(why)))).toBe(reaction);
  });

  it('names every outcome the contracts know, and no other', () => {
    expect(Object.keys(DRAIN_REACTIONS).sort()).toEqual([...LbFailureKind.options].sort());
    expect(Object.keys(ENABLE_REACTIONS).sort()).toEqual([...LbFailureKind.options].sort());
    expect(Object.keys(NOT_RUN_REACTIONS).sort()).toEqual([...NotRunWhy.options].sort());
    expect(Object.keys(RUN_FAILURE_REACTIONS).sort()).toEqual([...RunFailureWhy.options].sort());
  });

  it('goes on after a run that converged', () => {
    expect(reactionToRun({ kind: 'converged' })).toBeUndefined();
  });
});

describe('what is left of a reaction when nothing may be tried again', () => {
  it('is what the retries would have come to in the end', () => {
    expect(told(withoutRetry(NOT_RUN_REACTIONS.busy))).toBe('noise: give-up-unchanged');
    expect(told(withoutRetry(ENABLE_REACTIONS.unreachable))).toBe('static: stay-out');
  });

  it('is the reaction itself where nothing would have been tried', () => {
    for (const reaction of [NOT_RUN_REACTIONS.disabled, DRAIN_REACTIONS.capacity])
      expect(withoutRetry(reaction)).toBe(reaction);
  });
});

describe('a host after a run', () => {
  it.each(['busy', 'disabled', 'certificate', 'expired', 'refused', 'needs-resync'] as const)(
    'is certainly as it was when Puppet did not run: %s',
    (why) => {
      expect(leavesUnchanged(notRun(why))).toBe(true);
    },
  );

  it.each([notRun('interrupted'), notRun('unexplained'), failed('server-unreachable')])(
    'may be changed: $kind, $why',
    (verdict) => {
      expect(leavesUnchanged(verdict)).toBe(false);
    },
  );

  it('is changed by a run that converged', () => {
    expect(leavesUnchanged({ kind: 'converged' })).toBe(false);
  });
});
