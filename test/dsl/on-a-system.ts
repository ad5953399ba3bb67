import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { scenario, type Scenario } from './scenario.js';
import { System } from './system.js';

const MINUTE = 60_000;
// A Puppet server and a fleet need minutes on a busy machine.
const START_LIMIT = 10 * MINUTE;
const STOP_LIMIT = 2 * MINUTE;

/** What tests of a whole installation work with. */
export interface OnASystem {
  /** The installation; throws before it has started. */
  readonly system: () => System;
  readonly words: Scenario;
}

/**
 * Scenarios on one installation: a fleet takes longer to start than any of them to play. They run in their order, each beginning where
 * the one before it left the fleet, and nothing may stay behind on the machine.
 */
export function onASystem(
  title: string,
  puppet: 'real' | 'played',
  scenarios: (on: OnASystem) => void,
): void {
  describe(title, () => {
    let started: System | undefined;
    const system = (): System => {
      if (started === undefined) throw new Error('the system did not start');
      return started;
    };

    beforeAll(async () => {
      started = await System.start(puppet);
    }, START_LIMIT);

    afterAll(async () => {
      const left = await started?.stop();
      expect(left ?? []).toEqual([]);
    }, STOP_LIMIT);

    scenarios({ system, words: scenario(system) });
  });
}
