import type { ServiceName } from '@gantry/contracts';
import type { MessageBus } from '@gantry/service-kit';
import type { Life, Publication } from '@gantry/testing/sim';
import { StompBus } from '../../../libs/service-kit/src/messaging/stomp-bus.js';
import type { World } from '../world/world.js';

/** The real bus of one life of a service, on the broker's model. */
export function lifeBus(world: World, life: Life, service: ServiceName): MessageBus {
  const { sim } = world;
  return new StompBus({
    sender: {
      service,
      instance: life.name,
      clock: { now: () => sim.now() },
      ids: { uuid: () => world.uuid() },
    },
    publisher: { publish: (message) => publish(world, life, message) },
    client: {
      send: () => {
        throw new Error('nobody asks here and waits');
      },
    },
    metrics: { published: () => undefined },
  });
}

/** Sends, and resolves when the broker has confirmed it. */
export async function publish(world: World, life: Life, message: Publication): Promise<void> {
  const about = [message.headers?.['x-type'] ?? ''];
  if (world.crash.reach(life, 'before-publish', about)) return life.never;
  await life.call(() => world.broker.publish(message));
  if (world.crash.reach(life, 'after-publish', about)) return life.never;
}
