import type { Publication } from '@gantry/testing/sim';
import type { World } from './world/world.js';

/** Somebody keeps the first message of the type to this destination back, and sends it so long after. */
export const keepsBack =
  (forMs: number, type: string, destination: string) =>
  (world: World): void => {
    const publish = world.broker.publish.bind(world.broker);
    let kept = false;
    world.broker.publish = (message: Publication) => {
      const isFirst = message.headers?.['x-type'] === type && !kept;
      if (!isFirst || message.destination !== destination) {
        publish(message);
        return;
      }
      kept = true;
      world.sim.trace.note('somebody', 'keeps a message back');
      world.sim.after(forMs, () => publish(message));
    };
  };
