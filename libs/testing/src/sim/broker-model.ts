import { BrokerQueue, type Mishap, type StoredMessage, type Subscriber } from './broker-queue.js';
import type { Life } from './life.js';
import type { Random } from './random.js';
import type { Simulation } from './simulation.js';

/** A message as a client publishes it. */
export interface Publication {
  readonly destination: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly groupId?: string;
  readonly expiresAt?: number;
  readonly persistent?: boolean;
}

/** How many of a hundred messages suffer what; `longestDelayMs` is how late a delayed one may be. */
export interface Weather {
  readonly lost: number;
  readonly doubled: number;
  readonly delayed: number;
  readonly overtaking: number;
  readonly longestDelayMs: number;
}

export const CLEAR: Weather = {
  lost: 0,
  doubled: 0,
  delayed: 0,
  overtaking: 0,
  longestDelayMs: 0,
};

/** Thrown to whoever publishes while the broker is away. */
export class BrokerAwayError extends Error {
  readonly kind = 'unavailable';
  readonly code = 'stomp.unavailable';

  constructor() {
    super('the broker does not answer');
  }
}

/** A connection that is cut is noticed after so long. */
const NOTICED_MS = 250;
const VIRTUAL = /^\/queue\/Consumer\.[^.]+\.(VirtualTopic\..+)$/;

/**
 * A broker with virtual topics: a queue per consuming service, groups that stay in order and with one consumer, messages that
 * are held until they are acknowledged and come again when their consumer is gone. It may lose, double, delay and reorder.
 */
export class BrokerModel {
  weather: Weather = CLEAR;
  private up = true;
  private readonly hooks = new Map<Life, () => void>();
  private published = 0;
  private readonly queues = new Map<string, BrokerQueue>();
  /** When the last message of a queue's group arrives: the next must not arrive before. */
  private readonly arrivals = new Map<string, number>();

  constructor(
    private readonly sim: Simulation,
    private readonly told: (mishap: Mishap) => void = () => undefined,
  ) {}

  get isUp(): boolean {
    return this.up;
  }

  /** Told when the broker goes or comes back. */
  onChange(life: Life, run: () => void): void {
    this.hooks.set(life, run);
    life.whenItDies(() => this.hooks.delete(life));
  }

  /** A queue exists from the first time somebody asks for it, and stays. */
  queue(name: string): BrokerQueue {
    const found = this.queues.get(name) ?? new BrokerQueue(name, this.sim, this.told);
    this.queues.set(name, found);
    return found;
  }

  subscribe(queue: string, subscriber: Omit<Subscriber, 'connected'>): void {
    const joined: Subscriber = { ...subscriber, connected: this.up };
    this.queue(queue).join(joined);
  }

  /** Takes a message for every queue of its topic. */
  publish(message: Publication): void {
    if (!this.up) throw new BrokerAwayError();
    this.published += 1;
    for (const [name, queue] of this.queues)
      if (topicOf(name) === message.destination) this.travel(queue, message);
  }

  /** Everything stored is gone; the queues and their consumers are there again. */
  wipe(): void {
    this.sim.trace.note('broker', 'loses everything it had stored');
    const lost = [...this.queues.values()].reduce((sum, queue) => sum + queue.clear(), 0);
    if (lost > 0) this.told('wiped');
  }

  /** Away for a while: nobody can publish, and what was on its way to a consumer comes again. */
  goAway(forMs: number): void {
    if (!this.up) return;
    this.sim.trace.note('broker', `is away for ${forMs} ms`);
    this.up = false;
    this.tellChange();
    for (const queue of this.queues.values()) queue.disconnectAll();
    this.sim.after(forMs, () => {
      this.sim.trace.note('broker', 'is back');
      this.up = true;
      this.tellChange();
      for (const queue of this.queues.values()) queue.reconnectAll();
    });
  }

  private tellChange(): void {
    for (const [life, run] of this.hooks) life.after(NOTICED_MS, run);
  }

  private travel(queue: BrokerQueue, message: Publication): void {
    const { weather, sim } = this;
    // A stream per queue: what happens to one does not depend on what others were sent.
    const luck = sim.random.fork(`message ${this.published} ${queue.name}`);
    const happens = (percent: number, mishap: Mishap): boolean => {
      const does = percent > 0 && luck.chance(percent / 100);
      if (does) this.told(mishap);
      return does;
    };
    if (happens(weather.lost, 'lost')) {
      sim.trace.note('broker', `loses ${typeOf(message)} for ${shortName(queue.name)}`);
      return;
    }
    const copies = happens(weather.doubled, 'doubled') ? luck.between(2, 5) : 1;
    for (let copy = 1; copy <= copies; copy++) this.arrive(queue, message, luck, happens);
  }

  private arrive(
    queue: BrokerQueue,
    message: Publication,
    luck: Random,
    happens: (percent: number, mishap: Mishap) => boolean,
  ): void {
    const { weather, sim } = this;
    const key = `${queue.name} ${message.groupId ?? ''}`;
    const late = happens(weather.delayed, 'delayed')
      ? luck.between(1_000, weather.longestDelayMs)
      : 0;
    const soonest = sim.elapsedMs + luck.between(1, 15) + late;
    const overtakes = happens(weather.overtaking, 'overtaken');
    // Never in the same moment as the one before: a tie would be broken by the seed.
    const atMs = overtakes ? soonest : Math.max(soonest, (this.arrivals.get(key) ?? 0) + 1);
    if (!overtakes) this.arrivals.set(key, atMs);
    const stored: StoredMessage = {
      id: `${this.published}`,
      body: Buffer.from(message.body),
      headers: message.headers ?? {},
      group: message.groupId,
      expiresAt: message.expiresAt,
      persistent: message.persistent ?? true,
      redelivered: false,
      holder: undefined,
      dropped: false,
    };
    sim.after(atMs - sim.elapsedMs, () => queue.take(stored));
  }
}

const topicOf = (queue: string): string => `/topic/${VIRTUAL.exec(queue)?.[1] ?? ''}`;

const shortName = (queue: string): string =>
  queue.replace('/queue/Consumer.', '').replace('.VirtualTopic.gantry.', ' <- ');

const typeOf = ({ headers }: Publication): string => headers?.['x-type'] ?? 'a message';
