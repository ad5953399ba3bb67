import { ansibleBench } from './ansible/ansible.bench.js';
import type { Bench } from './bench.js';
import { busBench } from './bus/bus.bench.js';
import { fleetBench } from './fleet/fleet.bench.js';
import { logBench } from './log/log.bench.js';
import { metadataBench } from './metadata/metadata.bench.js';
import { recoveryBench } from './recovery/recovery.bench.js';
import { stepsBench } from './steps/steps.bench.js';

/** All benches, in the order they run when none is named. */
export const BENCHES: readonly Bench[] = [
  logBench,
  stepsBench,
  busBench,
  metadataBench,
  recoveryBench,
  fleetBench,
  ansibleBench,
];

/** The benches of these names; all of them without names. */
export function benchesNamed(names: readonly string[]): readonly Bench[] {
  if (names.length === 0) return BENCHES;
  return names.map((name) => {
    const found = BENCHES.find((bench) => bench.name === name);
    if (found) return found;
    const known = BENCHES.map((bench) => bench.name).join(', ');
    throw new Error(`There is no bench ${name}: name one of ${known}`);
  });
}
