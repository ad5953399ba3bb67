import { beforeAll, it, jest } from '@jest/globals';
import { onASystem } from '../dsl/on-a-system.js';
import { Rollouts, VERSIONS } from './rollouts.js';
import type { Stage } from './crash-matrix.js';

const MINUTE = 60_000;

/**
 * Faults on one installation: real services on real ActiveMQ, Postgres and HAProxy, real listeners on hosts of their own; only Puppet
 * itself is played, by a script that installs real RPMs and notes every run.
 */
export function underFaults(title: string, faults: (stage: Stage) => void): void {
  jest.setTimeout(2 * MINUTE);
  onASystem(title, 'played', ({ system, words }) => {
    beforeAll(() => words.given.customers(...VERSIONS));

    faults({ system, words, rollouts: new Rollouts(system, words) });

    it('customers noticed nothing of all that', () => {
      words.then.customersNoticedNothing();
    });
  });
}
