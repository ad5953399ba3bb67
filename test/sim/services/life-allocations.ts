import type { Life } from '@gantry/testing/sim';
import type {
  Allocations,
  Reading,
} from '../../../services/orchestrator/src/persistence/allocations.repository.js';
import type { World } from '../world/world.js';

/** The derived tables within one life's transactions: between reading what others hold and writing, others may commit. */
export function lifeAllocations(world: World, life: Life): Allocations {
  const { tables } = world.database;
  const luck = world.sim.random.fork(`tables ${life.name} ${world.uuid()}`);
  return {
    read: async (tx, stream): Promise<Reading> => {
      const reading = await tables.read(tx, stream);
      await life.sleepInTransaction(luck.between(0, 3));
      return reading;
    },
    occupant: (...args) => tables.occupant(...args),
    heldBy: (...args) => tables.heldBy(...args),
    replaceClaims: (...args) => tables.replaceClaims(...args),
    replaceSlot: (...args) => tables.replaceSlot(...args),
    stand: (...args) => tables.stand(...args),
    setTimer: (...args) => tables.setTimer(...args),
  };
}
