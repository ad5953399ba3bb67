import type { ReceivedFrame, StompLink } from '../connection/stomp-link.js';
import { StompError, messageOf } from '../stomp-error.js';
import type { StompLogger } from '../stomp-logger.js';
import { settledWithin } from '../timing.js';
import { GroupScheduler } from './group-scheduler.js';
import { toStompMessage, type StompMessage } from './stomp-message.js';

/** What to receive, and how much of it at once. */
export interface SubscribeOptions {
  readonly destination: string;
  /** `client-individual`: acknowledged after the handler. `auto`: gone when delivered, for live feeds that may lose messages. */
  readonly ack: 'client-individual' | 'auto';
  /** How many unacknowledged messages the broker may hand over. Default 20. */
  readonly prefetch?: number;
  /** How many handlers may run at once. Default 16. */
  readonly maxInFlight?: number;
  /** With `auto` only: how many may wait here before the newest are dropped. Default 1,000. */
  readonly maxBacklog?: number;
}

/**
 * Handles one message. Resolve: it is acknowledged. Reject: it stays with the broker and the subscription stops, because going on
 * would overtake it; do retries and parking inside, as `StompServer` does.
 * The signal is aborted when the connection is lost: the message will come again.
 */
export type MessageHandler = (message: StompMessage, signal: AbortSignal) => Promise<void>;

/** What the broker may hand over of a live feed before the first acknowledgement is back. */
const LIVE_PREFETCH = 1_000;

interface Delivery {
  readonly message: StompMessage;
  readonly link: StompLink;
}

/** One subscription of a consumer, over all its connections. */
export class StompSubscription {
  private readonly scheduler: GroupScheduler<Delivery>;
  private attachedTo: StompLink | undefined;
  private stopped = false;
  private shedding = false;
  private failedWith: string | undefined;

  constructor(
    private readonly id: string,
    readonly options: SubscribeOptions,
    private readonly handler: MessageHandler,
    private readonly logger: StompLogger,
  ) {
    // A prefetch of 0 is valid for the broker, which then never delivers anything to a STOMP consumer.
    if ((options.prefetch ?? 1) < 1 || (options.maxInFlight ?? 1) < 1) {
      throw new StompError(
        'config',
        `prefetch and maxInFlight of ${options.destination} must be 1 or more.`,
        { code: 'stomp.bad-prefetch' },
      );
    }
    this.scheduler = new GroupScheduler(options.maxInFlight ?? 16, (delivery) =>
      this.process(delivery),
    );
  }

  /** Why it stopped by itself, if it did. */
  get failure(): string | undefined {
    return this.failedWith;
  }

  get inFlight(): number {
    return this.scheduler.inFlight;
  }

  /** Makes the subscription on a link, once; called again for the same link it does nothing. */
  async attach(link: StompLink): Promise<void> {
    if (this.attachedTo === link || this.stopped) return;
    this.attachedTo = link;
    const { destination, ack, prefetch } = this.options;
    const headers = {
      id: this.id,
      destination,
      // Never `auto` on the wire: the broker then acknowledges in our name, takes that for a sign of life, and a consumer that sleeps
      // keeps its subscriptions and their message groups for as long as a live feed comes to it.
      ack: 'client-individual',
      'activemq.prefetchSize': String(prefetch ?? (ack === 'auto' ? LIVE_PREFETCH : 20)),
    };
    await link.subscribe(headers, (frame) => this.receive(frame, link));
  }

  /** The link is gone: what was not started will be delivered again. */
  detach(): void {
    this.scheduler.clear();
  }

  /**
   * Starts no more handlers, waits up to `limitMs` for those that run, then unsubscribes. Not the other way round: on UNSUBSCRIBE the
   * broker gives everything unacknowledged to somebody else, also what is being worked on here.
   */
  async stop(limitMs: number): Promise<boolean> {
    this.stopped = true;
    this.scheduler.clear();
    const drained = await settledWithin(this.scheduler.idle(), limitMs);
    if (this.attachedTo?.alive === true) {
      await this.attachedTo
        .confirmed('UNSUBSCRIBE', { id: this.id }, undefined, 2_000)
        .catch(() => undefined);
    }
    return drained;
  }

  private receive(frame: ReceivedFrame, link: StompLink): void {
    if (this.stopped) return;
    const message = toStompMessage(frame, link);
    if (this.options.ack === 'auto') acknowledge(message, link);
    if (this.shed()) return;
    // Without a group the message is its own group: a redelivery waits until the first delivery's handler has settled.
    this.scheduler.submit(message.groupId ?? message.messageId, { message, link });
  }

  /** Nothing holds back a feed that is acknowledged by delivery, so the rest is dropped here instead of filling the memory. */
  private shed(): boolean {
    const full =
      this.options.ack === 'auto' && this.scheduler.backlog >= (this.options.maxBacklog ?? 1_000);
    if (full && !this.shedding) {
      this.logger.warn('messages dropped, handlers are too slow', {
        destination: this.options.destination,
      });
    }
    this.shedding = full;
    return full;
  }

  private async process({ message, link }: Delivery): Promise<void> {
    try {
      await this.handler(message, link.signal);
      if (this.options.ack === 'client-individual') acknowledge(message, link);
    } catch (error) {
      if (this.options.ack === 'auto')
        this.logger.warn('message dropped', describe(message, error));
      else if (link.alive && !this.stopped) this.fail(message, error);
    }
  }

  private fail(message: StompMessage, error: unknown): void {
    this.failedWith = messageOf(error);
    this.logger.error(
      'subscription stopped, its message stays in the queue',
      describe(message, error),
    );
    void this.stop(30_000);
  }
}

/** On the link the message came from or not at all: an ACK on a later connection is an error that ends it. */
function acknowledge(message: StompMessage, link: StompLink): void {
  const id = message.headers['ack'];
  if (id !== undefined) link.send('ACK', { id });
}

function describe(message: StompMessage, error: unknown): Record<string, unknown> {
  return {
    destination: message.destination,
    messageId: message.messageId,
    reason: messageOf(error),
  };
}
