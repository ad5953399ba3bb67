import { describe, expect, it } from '@jest/globals';
import { SERVICES } from './all-at-once.js';
import type { Stage } from './crash-matrix.js';
import { everythingHolds } from './everything-holds.js';

/** Signs that a step had to be done again, or went wrong. */
const TROUBLE: ReadonlySet<string> = new Set([
  'deployment.host-step-delayed',
  'deployment.host-failed',
  'deployment.host-returning',
  'deployment.paused',
]);

/** A new version of Gantry comes: each service is stopped as its supervisor stops it, and started again. */
export function servicesRolled({ system, words, rollouts }: Stage): void {
  describe('Gantry, rolled', () => {
    it.each(SERVICES)(
      'F-013 %s is stopped and started again in the middle of a deployment: it ends in order, and no step fails',
      async (name) => {
        const service = system().installation.service(name);
        const deployment = await rollouts.begin();
        await deployment.until('lb.drain.requested');
        expect(await service.terminate()).toBe(0);
        await service.up();
        await words.then.ends(deployment, 'succeeded');
        const trouble = deployment.events.filter(({ type }) => TROUBLE.has(type));
        expect(trouble.map(({ type, data }) => ({ type, data }))).toEqual([]);
      },
    );

    it('F-013 every service was rolled: everything holds', async () => {
      await everythingHolds(system(), words);
    });
  });
}
