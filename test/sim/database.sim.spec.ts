import { describe, expect, it } from '@jest/globals';
import { CLEAR } from '@gantry/testing/sim';
import { oneDeployment } from './fleets.js';
import { play } from './play.js';

const LIMIT = 120_000;

describe('the database', () => {
  it(
    'F-046 claims, slots and timers that vanish under running orchestrators are mended, and the deployment ends by itself',
    async () => {
      const { world, violation } = await play(oneDeployment('rows gone'), {
        prepare: (w) => {
          // In the middle of the first run, whose end is lost on its way: from then on only a timer can go on.
          w.sim.after(5_500, () => {
            w.broker.weather = { ...CLEAR, lost: 100 };
            w.tablesClearedAtMs = w.sim.elapsedMs;
            w.database.tables.clear();
          });
          w.sim.after(60_000, () => (w.broker.weather = CLEAR));
        },
      });
      expect(violation?.message).toBeUndefined();
      expect([...world.chronicle.deployments.values()].map((state) => state.status)).toEqual([
        'succeeded',
      ]);
      expect(world.branches.table()['tables mended']).toBeGreaterThan(0);
    },
    LIMIT,
  );
});
