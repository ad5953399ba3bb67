import { setMaxListeners } from 'node:events';
import { Logger } from '@nestjs/common';
import {
  Server,
  type BaseRpcContext,
  type CustomTransportStrategy,
  type MessageHandler,
  type ReadPacket,
} from '@nestjs/microservices';
import { finalize, isObservable, lastValueFrom } from 'rxjs';
import type { SubscribeOptions } from '../consumer/stomp-subscription.js';
import { StompConsumer } from '../consumer/stomp-consumer.js';
import { deliveryPolicy } from '../delivery/delivery-policy.js';
import {
  MessageDelivery,
  type HandlerCall,
  type HandlerKind,
} from '../delivery/message-delivery.js';
import { ParkingLot } from '../delivery/parking-lot.js';
import { Responder } from '../delivery/responder.js';
import type { OutgoingMessage } from '../publisher/outgoing-message.js';
import { StompPublisher } from '../publisher/stomp-publisher.js';
import { StompError } from '../stomp-error.js';
import type { StompLogger } from '../stomp-logger.js';
import { combinedStatus } from './combined-status.js';
import { STOMP_TRANSPORT } from './on-message.decorator.js';
import { StompContext } from './stomp.context.js';
import type { StompEvents, StompStatus, StompTransportParts } from './stomp.events.js';
import type { StompServerOptions } from './stomp-server.options.js';

/** The NestJS transport: receives from ActiveMQ over STOMP, runs handlers, and acknowledges what has come to its end. */
export class StompServer
  extends Server<StompEvents, StompStatus>
  implements CustomTransportStrategy
{
  override transportId = STOMP_TRANSPORT;
  /** We watch the handler's stream to its end ourselves; without this Nest would log each failure a second time. */
  override readonly propagatesEventHandlerErrors = true;

  private readonly publisher: StompPublisher;
  private readonly consumer: StompConsumer;
  private readonly parkingLot: ParkingLot;
  private readonly delivery: MessageDelivery;
  private readonly closing = new AbortController();
  private readonly log: StompLogger;

  constructor(private readonly options: StompServerOptions) {
    super();
    const logger = options.logger ?? new Logger(StompServer.name);
    this.log = logger;
    const publish = (message: OutgoingMessage): Promise<void> => this.publisher.publish(message);
    this.publisher = new StompPublisher({ ...options, ...options.publisher, logger });
    this.consumer = new StompConsumer({ ...options, logger });
    this.parkingLot = new ParkingLot({
      publish,
      queue: options.parkQueue ?? `/queue/gantry.parked.${options.service}`,
      by: options.service,
      replayer: options.replayer,
      logger,
    });
    this.delivery = new MessageDelivery({
      service: options.service,
      decoder: options.codec,
      patternOf: options.routes.patternOf ?? (({ pattern }) => pattern),
      handlerKind: (pattern) => this.handlerKind(pattern),
      handle: (call) => this.dispatch(call),
      classify: options.classify ?? deliveryPolicy(options.retry),
      unmatched: options.unmatched ?? 'park',
      parkingLot: this.parkingLot,
      responder: new Responder({
        publish,
        replyPrefix: options.replyPrefix ?? '/queue/replies.',
        logger,
      }),
      logger,
    });
    combinedStatus([this.publisher.status, this.consumer.status]).subscribe(this._status$);
    setMaxListeners(0, this.closing.signal);
  }

  /** Why the transport is not healthy; empty when it is. */
  get problems(): readonly string[] {
    const { stuck } = this.parkingLot;
    const [publishing, consuming] = [this.publisher.problem, this.consumer.problem];
    return [
      ...(publishing === undefined ? [] : [`not connected for publishing: ${publishing}`]),
      ...(consuming === undefined ? [] : [`not connected for consuming: ${consuming}`]),
      ...this.consumer.failures,
      ...(stuck === 0 ? [] : [`${stuck} messages cannot be parked`]),
    ];
  }

  /** Connected both ways, every subscription running, nothing stuck. */
  isHealthy(): boolean {
    return this.problems.length === 0;
  }

  override on<K extends keyof StompEvents>(_event: K, callback: StompEvents[K]): void {
    this.status.subscribe(callback);
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the signature Nest asks for
  override unwrap<T = StompTransportParts>(): T {
    return { publisher: this.publisher, consumer: this.consumer } as T;
  }

  /** One handler per pattern: Nest would join two, and a failure of one would run both again. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    const name = this.normalizePattern(pattern as string);
    if (this.messageHandlers.has(name)) {
      throw new StompError(
        'config',
        `Two handlers for "${name}" in ${this.options.service}: keep one.`,
        {
          code: 'stomp.duplicate-handler',
        },
      );
    }
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** Subscribes and calls back when the queues exist, or after `startupWaitMs` without a broker; it goes on trying then. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const subscription of this.options.routes.subscriptions) this.subscribe(subscription);
      const waitMs = this.options.startupWaitMs ?? 10_000;
      await Promise.all([this.publisher.open(waitMs), this.consumer.open(waitMs)]);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Takes no more, lets handlers end (`drainMs`), acknowledges, disconnects; the publisher last, for handlers may need it. */
  override async close(): Promise<void> {
    this.closing.abort(
      new StompError('unavailable', 'The service is shutting down.', { code: 'stomp.closed' }),
    );
    const drained = await this.consumer.close(this.options.drainMs ?? 30_000);
    if (!drained) this.log.warn('handlers had not ended: their messages come to somebody else');
    await this.publisher.close();
  }

  /** Settles when the handler's stream has ended, and rejects with what it failed with: Nest's own resolves before and swallows that. */
  override async handleEvent(
    pattern: string,
    packet: ReadPacket,
    context: BaseRpcContext,
  ): Promise<void> {
    await this.runHandler(pattern, packet.data, context);
  }

  private subscribe(subscription: SubscribeOptions): void {
    const { prefetch, maxInFlight } = this.options;
    const options = {
      ...(prefetch === undefined ? {} : { prefetch }),
      ...(maxInFlight === undefined ? {} : { maxInFlight }),
      ...subscription,
    };
    this.consumer.subscribe(options, (message, lost) => {
      const signals = { lost, closing: this.closing.signal };
      return options.ack === 'auto'
        ? this.delivery.deliverLive(message, signals)
        : this.delivery.deliver(message, signals);
    });
  }

  private handlerKind(pattern: string): HandlerKind {
    const handler = this.messageHandlers.get(pattern);
    if (handler === undefined) return 'none';
    return handler.isEventHandler === true ? 'event' : 'request';
  }

  private dispatch(call: HandlerCall): Promise<unknown> {
    const { pattern, decoded, kind } = call;
    const context = new StompContext([call]);
    if (kind === 'request') return this.runHandler(pattern, decoded.data, context);
    return this.handleEvent(pattern, { pattern, data: decoded.data }, context);
  }

  /** Its own promise, not what the hooks return: an instrumentation hook may return nothing. */
  private runHandler(pattern: string, data: unknown, context: BaseRpcContext): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.runWithProcessingHooks(context, async (end) => {
        try {
          const result: unknown = await this.messageHandlers.get(pattern)?.(data, context);
          resolve(
            isObservable(result)
              ? await lastValueFrom(result.pipe(finalize(end)), NOTHING)
              : result,
          );
        } catch (error) {
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what the handler threw, whatever it is
          reject(error);
        } finally {
          end();
        }
      });
    });
  }
}

/** An empty stream is a handler that returns nothing, not an error. */
const NOTHING = { defaultValue: undefined };
