import type { Row } from './measure/compare.js';

/** How much is measured. */
export interface BenchOptions {
  /** Rounds of each comparison. */
  readonly rounds: number;
  /** Tells what is going on, on standard error. */
  readonly tell: (line: string) => void;
}

/** One bench: starts what it needs, measures, and leaves nothing behind. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  run(options: BenchOptions): Promise<readonly Row[]>;
}
