import type { Observable } from 'rxjs';
import type { ConnectionOptions } from '../connection/connection-options.js';
import { StompConnection, type ConnectionStatus } from '../connection/stomp-connection.js';
import type { StompLink } from '../connection/stomp-link.js';
import { assertDestination } from '../headers/validate-destination.js';
import { messageOf } from '../stomp-error.js';
import { silentLogger, type StompLogger } from '../stomp-logger.js';
import {
  StompSubscription,
  type MessageHandler,
  type SubscribeOptions,
} from './stomp-subscription.js';

/** How a consumer reaches the broker. */
export interface ConsumerOptions extends ConnectionOptions {
  readonly logger?: StompLogger;
}

/** Receives messages on a connection of its own and makes its subscriptions again, once each, whenever that connection is renewed. */
export class StompConsumer {
  private readonly connection: StompConnection;
  private readonly subscriptions: StompSubscription[] = [];
  private readonly logger: StompLogger;

  constructor(options: ConsumerOptions) {
    this.logger = options.logger ?? silentLogger;
    this.connection = new StompConnection(options, {
      purpose: 'consume',
      logger: this.logger,
      onLink: (link) => this.attachAll(link),
      // Once more, for a subscription that was added while the others were being made.
      onConnected: (link) => this.attachLate(link),
      onLost: () => this.subscriptions.forEach((subscription) => subscription.detach()),
    });
  }

  get status(): Observable<ConnectionStatus> {
    return this.connection.status;
  }

  get connected(): boolean {
    return this.connection.link !== undefined;
  }

  /** Why it is not connected; `undefined` when it is. */
  get problem(): string | undefined {
    return this.connection.problem;
  }

  /** Number of the present connection, counted from 1. */
  get epoch(): number {
    return this.connection.epoch;
  }

  /** Destinations whose subscription stopped by itself, with the reason. */
  get failures(): readonly string[] {
    return this.subscriptions.flatMap(({ options, failure }) =>
      failure === undefined ? [] : [`${options.destination} stopped: ${failure}`],
    );
  }

  /** Starts connecting; returns whether all subscriptions were confirmed within `waitMs`. */
  open(waitMs = 0): Promise<boolean> {
    return this.connection.open(waitMs);
  }

  /** Adds a subscription; on an open connection it is made at once. */
  subscribe(options: SubscribeOptions, handler: MessageHandler): StompSubscription {
    assertDestination(options.destination);
    const subscription = new StompSubscription(
      String(this.subscriptions.length + 1),
      options,
      handler,
      this.logger,
    );
    this.subscriptions.push(subscription);
    if (this.connection.link !== undefined) this.attachLate(this.connection.link);
    return subscription;
  }

  /** Starts no more handlers, waits up to `limitMs` for those that run, acknowledges them, disconnects. Returns whether all had ended. */
  async close(limitMs = 30_000): Promise<boolean> {
    const drained = await Promise.all(
      this.subscriptions.map((subscription) => subscription.stop(limitMs)),
    );
    await this.connection.close();
    return drained.every(Boolean);
  }

  private attachLate(link: StompLink): void {
    this.attachAll(link).catch((error: unknown) => {
      this.logger.warn('subscription failed', { uri: link.uri, reason: messageOf(error) });
    });
  }

  private async attachAll(link: StompLink): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.attach(link)));
  }
}
