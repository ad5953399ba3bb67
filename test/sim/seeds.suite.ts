import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { playSeeds } from './seeds.js';

const LIMIT = 12 * 3_600_000;
const SEEDS = Number(process.env['GANTRY_SIM_SEEDS'] ?? 500);
/** The first of them, for whoever has played those before. */
const FROM = Number(process.env['GANTRY_SIM_FROM'] ?? 0);
const ONE = process.env['GANTRY_SIM_SEED'];
/** Where the counts of rare branches go, for whoever adds the shares up. */
const REPORT = process.env['GANTRY_SIM_REPORT'];

/** One share of the seeds: files with a share each run side by side, in a process of their own. */
export function seedsSuite(share: number, shares: number): void {
  if (ONE !== undefined && Number(ONE) % shares !== share) {
    it.todo(`seed ${ONE} is played by another share`);
    return;
  }
  const first = ONE === undefined ? FROM + share : Number(ONE);
  const end = ONE === undefined ? SEEDS : first + 1;
  const named =
    ONE === undefined ? `seeds ${first}, ${first + shares}, ... below ${SEEDS}` : `seed ${ONE}`;
  describe('whatever befalls the fleet', () => {
    it(
      `every promise is kept, and everything comes to its end: ${named}`,
      async () => {
        const { stories, failed, branches } = await playSeeds(first, end, shares);
        if (REPORT !== undefined) {
          mkdirSync(REPORT, { recursive: true });
          writeFileSync(join(REPORT, `sim-${share}.json`), JSON.stringify(branches.table()));
        }
        expect([...stories, ...failed].join('\n\n')).toBe('');
      },
      LIMIT,
    );
  });
}
