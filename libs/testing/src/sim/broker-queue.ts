import type { Life } from './life.js';
import type { Simulation } from './simulation.js';

/** What became of a message besides being delivered once, for whoever counts. */
export type Mishap =
  'lost' | 'doubled' | 'delayed' | 'overtaken' | 'expired' | 'wiped' | 'redelivered';

/** A message as a consumer gets it. An acknowledgement counts only while the broker still counts it as this delivery. */
export interface Delivery {
  readonly id: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly group: string | undefined;
  readonly redelivered: boolean;
  /** Whether the broker has given it up to somebody else. */
  readonly isLost: () => boolean;
  readonly ack: () => void;
}

/** Somebody who consumes a queue. */
export interface Subscriber {
  readonly life: Life;
  readonly prefetch: number;
  readonly deliver: (delivery: Delivery) => void;
  connected: boolean;
}

/** A message as it lies in a queue. */
export interface StoredMessage {
  readonly id: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly group: string | undefined;
  readonly expiresAt: number | undefined;
  readonly persistent: boolean;
  redelivered: boolean;
  holder: { readonly by: Subscriber } | undefined;
  dropped: boolean;
}

/** A connection whose other end says nothing for so long is closed. */
const HEARTBEAT_MS = 30_000;
const NOTICED_MS = 100;

/** One queue: who waits in it, who holds what, and who gets the next. */
export class BrokerQueue {
  private messages: StoredMessage[] = [];
  private readonly subscribers: Subscriber[] = [];
  /** A group stays with the consumer that got its first message until that consumer's connection ends. */
  private readonly owners = new Map<string, Subscriber>();
  /** When each consumer gets what was handed to it last: one connection delivers in order. */
  private readonly delivered = new Map<Subscriber, number>();
  private turn = 0;

  constructor(
    readonly name: string,
    private readonly sim: Simulation,
    private readonly told: (mishap: Mishap) => void,
  ) {}

  get depth(): number {
    return this.messages.length;
  }

  join(subscriber: Subscriber): void {
    this.subscribers.push(subscriber);
    subscriber.life.whenItDies(() => {
      this.sim.after(NOTICED_MS, () => {
        this.subscribers.splice(this.subscribers.indexOf(subscriber), 1);
        this.disconnect(subscriber);
      });
    });
    subscriber.life.whenFrozen(() => {
      this.sim.after(HEARTBEAT_MS, () => {
        if (!subscriber.life.isFrozen) return;
        this.disconnect(subscriber);
        subscriber.life.after(NOTICED_MS, () => this.reconnect(subscriber));
      });
    });
    this.dispatch();
  }

  take(message: StoredMessage): void {
    this.messages.push(message);
    this.dispatch();
  }

  /** Empties the queue; how many were lost. */
  clear(): number {
    const lost = this.messages.length;
    for (const message of this.messages) message.dropped = true;
    this.messages = [];
    return lost;
  }

  disconnectAll(): void {
    this.messages = this.messages.filter(({ persistent }) => persistent);
    for (const subscriber of this.subscribers) this.disconnect(subscriber);
  }

  reconnectAll(): void {
    for (const subscriber of this.subscribers)
      subscriber.life.after(NOTICED_MS, () => this.reconnect(subscriber));
  }

  private disconnect(subscriber: Subscriber): void {
    subscriber.connected = false;
    for (const [group, owner] of this.owners) if (owner === subscriber) this.owners.delete(group);
    for (const message of this.messages) {
      if (message.holder?.by !== subscriber) continue;
      message.holder = undefined;
      message.redelivered = true;
    }
    this.dispatch();
  }

  private reconnect(subscriber: Subscriber): void {
    subscriber.connected = true;
    this.dispatch();
  }

  /** Gives out, in order, whatever somebody may have. */
  private dispatch(): void {
    this.dropExpired();
    for (const message of this.messages) {
      if (message.holder !== undefined) continue;
      const by = this.receiverOf(message);
      if (by !== undefined) this.hand(message, by);
    }
  }

  private hand(message: StoredMessage, by: Subscriber): void {
    const holder = { by };
    message.holder = holder;
    if (message.redelivered) this.told('redelivered');
    const isLost = (): boolean => message.holder !== holder || message.dropped;
    const { id, body, headers, group, redelivered } = message;
    const ack = (): void => {
      if (isLost()) return;
      this.messages = this.messages.filter((each) => each !== message);
      this.dispatch();
    };
    const atMs = Math.max(this.sim.elapsedMs, this.delivered.get(by) ?? 0) + 1;
    this.delivered.set(by, atMs);
    by.life.after(atMs - this.sim.elapsedMs, () => {
      if (!isLost()) by.deliver({ id, body, headers, group, redelivered, isLost, ack });
    });
  }

  /** The group's owner, or whoever has room, in turn. */
  private receiverOf({ group }: StoredMessage): Subscriber | undefined {
    const free = this.subscribers.filter(
      (each) => each.connected && each.life.alive && this.heldBy(each) < each.prefetch,
    );
    const owner = group === undefined ? undefined : this.owners.get(group);
    if (owner !== undefined) return free.includes(owner) ? owner : undefined;
    this.turn += 1;
    const next = free[this.turn % Math.max(1, free.length)];
    if (group !== undefined && next !== undefined) this.owners.set(group, next);
    return next;
  }

  private heldBy(subscriber: Subscriber): number {
    return this.messages.filter((each) => each.holder?.by === subscriber).length;
  }

  private dropExpired(): void {
    const now = this.sim.nowMs;
    const fresh = this.messages.filter(
      (each) => each.holder !== undefined || each.expiresAt === undefined || each.expiresAt > now,
    );
    if (fresh.length < this.messages.length) this.told('expired');
    this.messages = fresh;
  }
}
