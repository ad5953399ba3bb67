import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { OnASystem } from '../dsl/on-a-system.js';
import type { System } from '../dsl/system.js';
import { armed, died, UNBLAMED, type Mortal } from './crash.js';
import { everythingHolds } from './everything-holds.js';
import type { Rollouts } from './rollouts.js';

/** What a file of fault cases is given. */
export interface Stage extends OnASystem {
  readonly rollouts: Rollouts;
}

/** A place to die at, and the step of a host's turn it is part of. */
export type Cell = readonly [step: string, point: string];

/** One program that dies at one point after the other while deployments go on. */
export interface Matrix {
  /** The case's id and who dies: titles begin with it. */
  readonly title: string;
  readonly program: (system: System) => Mortal & { kill9(): Promise<void> | void };
  readonly cells: readonly Cell[];
}

/** Each cell is a test: the program is started so that it dies there, and it does; at the end all is as if nothing had been. */
export function crashMatrix({ system, words, rollouts }: Stage, matrix: Matrix): void {
  const { title, cells } = matrix;
  const program = () => matrix.program(system());
  describe(`${title}, killed at ${cells.length} points of a deployment`, () => {
    beforeAll(async () => {
      await rollouts.keepGoing();
      await program().kill9();
      await program().ended();
    });

    it.each(cells)(`${title} dies at %s, %s`, async (_, point) => {
      await armed(program(), point);
      await died(program(), point, () => rollouts.keepGoing());
    });

    it(`${title} lives again: every deployment has succeeded, once, and everything holds`, async () => {
      await program().up(UNBLAMED);
      await rollouts.finish();
      await everythingHolds(system(), words);
    });

    // A cell that failed leaves it dead or armed: the next cases must not inherit that.
    afterAll(async () => {
      if (program().alive) return;
      await program().up(UNBLAMED);
    });
  });
}
