import type { MessageBus } from '@gantry/service-kit';
import { compareCursors, type EventLog } from '@gantry/event-log';
import type { Life } from '@gantry/testing/sim';
import { publicationsOf } from '../../../services/orchestrator/src/relay/event-routing.js';
import type { Wake } from '../../../services/orchestrator/src/streams/ports.js';
import type { World } from '../world/world.js';

const BATCH = 100;
const STANDBY_MS = 5_000;
const POLL_MS = 500;
const PAUSE_MS = 1_000;

/**
 * Publishes what is committed, as the real relay does: one leader by a lock that falls with its connection, at least once,
 * in feed order, the checkpoint behind the confirmations. The real one is tied to Postgres and has its own specs there; the
 * routing is the real one.
 */
export class LifeRelay implements Wake {
  private wakeUp: (() => void) | undefined;

  constructor(
    private readonly world: World,
    private readonly life: Life,
    private readonly log: EventLog,
    private readonly bus: MessageBus,
  ) {}

  start(): void {
    this.world.onCommit(this.life, () => this.life.after(POLL_MS / 2, () => this.appended()));
    void this.run();
  }

  appended(): void {
    this.wakeUp?.();
    this.wakeUp = undefined;
  }

  private async run(): Promise<void> {
    for (;;) {
      if (!this.tryLead()) {
        await this.life.sleep(STANDBY_MS);
        continue;
      }
      try {
        await this.publishNext();
      } catch {
        await this.life.sleep(PAUSE_MS);
      }
    }
  }

  /** The lock is free when its holder's connection is gone: it died, or was silent for longer than the server waits. */
  private tryLead(): boolean {
    const { world, life } = this;
    const holder = world.relayLeader;
    if (holder === life) return true;
    if (holder?.alive === true && !holder.isFrozen) return false;
    if (holder !== undefined) world.branches.hit('relay led by another');
    world.relayLeader = life;
    return true;
  }

  private async publishNext(): Promise<void> {
    const { world, life } = this;
    const events = await this.log.readFeed(world.relayed, BATCH);
    const upTo = events.at(-1)?.cursor;
    if (upTo === undefined) {
      await new Promise<void>((resolve) => {
        this.wakeUp = resolve;
        life.after(30_000, resolve);
      });
      return;
    }
    await Promise.all(
      events
        .flatMap(publicationsOf)
        .map(({ message, destination, group }) =>
          this.bus.forward(message, { destination, group }),
        ),
    );
    await life.call(() => {
      const { relayed } = world;
      const isBehind = relayed === undefined || compareCursors(relayed, upTo) < 0;
      if (world.relayLeader === life && isBehind) world.relayed = upTo;
    });
  }
}
