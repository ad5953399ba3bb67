import type { Rounds } from './alternate.js';
import { median } from './statistics.js';

/** One line of a bench's result. */
export interface Row {
  /** What was done, such as "8 writers". */
  readonly what: string;
  readonly who: string;
  readonly figure: number;
  readonly unit: string;
  /** Lowest and highest round. */
  readonly spread: readonly [number, number];
  /** Median of the rounds' ratios: the subject's figure by this one's. Only beside others. */
  readonly ratio?: number;
  readonly goal?: Goal;
}

/** What a figure, or the subject's ratio to it, should be. */
export interface Goal {
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly of: 'ratio' | 'figure';
}

/** How a set of contenders becomes rows: the subject first, each other one with the subject's ratio to it. */
export interface Comparison {
  readonly what: string;
  readonly unit: string;
  readonly subject: string;
  readonly goals?: Readonly<Record<string, Goal>>;
}

/** The rows of one comparison. */
export function compare(rounds: Rounds, comparison: Comparison): readonly Row[] {
  const { what, unit, subject, goals = {} } = comparison;
  const own = rounds.get(subject) ?? [];
  return [...rounds].map(([who, figures]) => {
    const goal = goals[who];
    const ratios = figures.map((figure, round) => (own[round] ?? NaN) / figure);
    return {
      ...{ what, who, unit },
      figure: median(figures),
      spread: [Math.min(...figures), Math.max(...figures)],
      ...(who === subject ? {} : { ratio: median(ratios) }),
      ...(goal === undefined ? {} : { goal }),
    };
  });
}

/** Whether a row's goal is met; undefined without one. */
export function isMet({ goal, ratio, figure }: Row): boolean | undefined {
  if (goal === undefined) return undefined;
  const value = goal.of === 'ratio' ? (ratio ?? NaN) : figure;
  return value >= (goal.atLeast ?? -Infinity) && value <= (goal.atMost ?? Infinity);
}
