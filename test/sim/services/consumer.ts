import { parseMessage, type CommandReply, type Message } from '@gantry/contracts';
import type { StompContext } from '@gantry/stomp-transport';
import type { Delivery, Life } from '@gantry/testing/sim';
import { GroupScheduler } from '../../../libs/stomp-transport/src/consumer/group-scheduler.js';
import {
  deliveryPolicy,
  type DeliveryPolicy,
} from '../../../libs/stomp-transport/src/delivery/delivery-policy.js';
import type { World } from '../world/world.js';
import type { Route } from './routes-of.js';

const PREFETCH = 100;
const SIDE_BY_SIDE = 20;

/** A service's consumption of one queue: groups in order by the real scheduler, failures treated by the real policy. */
export class Consumer {
  private readonly scheduler: GroupScheduler<Delivery>;
  private readonly policy: DeliveryPolicy;

  constructor(
    private readonly world: World,
    private readonly life: Life,
    private readonly routes: ReadonlyMap<string, Route>,
  ) {
    const luck = world.sim.random.fork(`retries ${life.name} ${world.uuid()}`);
    this.policy = deliveryPolicy({}, () => luck.next());
    this.scheduler = new GroupScheduler(SIDE_BY_SIDE, (delivery) => this.handle(delivery));
  }

  listen(queue: string): void {
    this.world.broker.subscribe(queue, {
      life: this.life,
      prefetch: PREFETCH,
      deliver: (delivery) => this.scheduler.submit(delivery.group ?? delivery.id, delivery),
    });
  }

  private async handle(delivery: Delivery): Promise<void> {
    if (delivery.isLost()) return;
    let message: Message;
    try {
      message = parseMessage(JSON.parse(delivery.body.toString()));
    } catch (error) {
      this.park(delivery.headers['x-type'] ?? 'a message', String(error));
      delivery.ack();
      return;
    }
    const { expiresat, type } = message;
    const expired = expiresat !== undefined && Date.parse(expiresat) <= this.world.sim.nowMs;
    if (!expired) await this.tryUntilDone(message, delivery);
    if (this.world.crash.reach(this.life, 'before-ack', [type])) return this.life.never;
    delivery.ack();
  }

  private async tryUntilDone(message: Message, delivery: Delivery): Promise<void> {
    const route = this.routes.get(message.type);
    if (route === undefined) {
      this.park(message.type, 'nobody handles it');
      return;
    }
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await route(message, contextOf(delivery, attempt));
        if (answer !== undefined) this.world.replies.set(message.id, answer as CommandReply);
        return;
      } catch (error) {
        if (delivery.isLost()) return;
        const decision = this.policy(error, attempt);
        if (decision.action === 'stop') this.world.sim.fail(error);
        if (decision.action !== 'retry') {
          this.park(message.type, String(error));
          return;
        }
        this.world.branches.hit('handler tried again');
        await this.life.sleep(decision.afterMs);
      }
      if (delivery.isLost()) return;
    }
  }

  private park(type: string, why: string): void {
    this.world.branches.hit('message parked');
    this.world.parked.push({ type, why });
    this.world.sim.trace.note(this.life.name, `parks ${type}: ${why}`);
  }
}

/** What the real context tells a handler of its message. */
function contextOf(delivery: Delivery, attempt: number): StompContext {
  const { headers, body, redelivered, id, group } = delivery;
  const context = { headers, redelivered, attempt, messageId: id, groupId: group };
  return { ...context, envelope: { body } } as unknown as StompContext;
}
