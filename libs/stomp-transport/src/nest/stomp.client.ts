import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import {
  ClientProxy,
  type MsPattern,
  type ReadPacket,
  type WritePacket,
} from '@nestjs/microservices';
import { StompConsumer } from '../consumer/stomp-consumer.js';
import type { StompMessage } from '../consumer/stomp-message.js';
import { decodeReply } from '../delivery/reply.js';
import type { OutgoingMessage } from '../publisher/outgoing-message.js';
import { StompPublisher } from '../publisher/stomp-publisher.js';
import { StompError } from '../stomp-error.js';
import type { StompLogger } from '../stomp-logger.js';
import { combinedStatus } from './combined-status.js';
import type { StompEvents, StompStatus, StompTransportParts } from './stomp.events.js';
import type { StompClientOptions } from './stomp-client.options.js';

type Packet = ReadPacket<unknown> & { readonly metadata?: Readonly<Record<string, unknown>> };
type Respond = (packet: WritePacket) => void;

/** The NestJS client: `emit` resolves when the broker has the message, `send` when the reply has come. */
export class StompClient extends ClientProxy<StompEvents, StompStatus> {
  private readonly logger: StompLogger;
  private readonly publisher: StompPublisher;
  private readonly consumer: StompConsumer;
  private readonly replyQueue: string;
  private readonly requestTimeoutMs: number;
  private readonly requests = new Map<string, Respond>();
  private strays = 0;
  private connecting: Promise<boolean> | undefined;
  private listening: Promise<boolean> | undefined;

  constructor(private readonly options: StompClientOptions) {
    super();
    const logger = options.logger ?? new Logger(StompClient.name);
    this.logger = logger;
    this.publisher = new StompPublisher({ ...options, ...options.publisher, logger });
    this.consumer = new StompConsumer({ ...options, logger });
    this.replyQueue =
      options.replyQueue ?? `/queue/replies.${options.service}.${options.instance ?? randomUUID()}`;
    this.requestTimeoutMs = options.requestTimeoutMs ?? 10_000;
    combinedStatus([this.publisher.status]).subscribe(this._status$);
  }

  /** Connects for publishing; the reply queue is made by the first request. Without a broker it goes on trying. */
  override async connect(): Promise<void> {
    await (this.connecting ??= this.publisher.open(this.options.startupWaitMs ?? 5_000));
  }

  override async close(): Promise<void> {
    for (const respond of [...this.requests.values()]) respond({ err: closedError() });
    if (this.listening !== undefined) await this.consumer.close();
    await this.publisher.close();
  }

  /** Replies that came to no question that is open here: late ones, or somebody else's. */
  get strayReplies(): number {
    return this.strays;
  }

  /** Connected for publishing. */
  isHealthy(): boolean {
    return this.publisher.connected;
  }

  override on<K extends keyof StompEvents>(_event: K, callback: StompEvents[K]): void {
    this.status.subscribe(callback);
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the signature Nest asks for
  override unwrap<T = StompTransportParts>(): T {
    return { publisher: this.publisher, consumer: this.consumer } as T;
  }

  /** `emit`. */
  protected override async dispatchEvent<T = undefined>(packet: Packet): Promise<T> {
    await this.publisher.publish(this.encode(packet));
    return undefined as T;
  }

  /** `send`. Returns what gives the request up. */
  protected override publish(packet: Packet, callback: Respond): () => void {
    const id = randomUUID();
    const expiresAt = Date.now() + this.requestTimeoutMs;
    const forget = (): void => {
      clearTimeout(timer);
      this.requests.delete(id);
    };
    const respond = (reply: WritePacket): void => {
      forget();
      callback({ isDisposed: true, ...reply });
    };
    const timer = setTimeout(() => respond({ err: this.timedOut(packet) }), this.requestTimeoutMs);
    this.requests.set(id, respond);
    this.request(packet, id, expiresAt).catch((err: unknown) => {
      if (this.requests.has(id)) respond({ err });
    });
    return forget;
  }

  private async request(packet: Packet, id: string, expiresAt: number): Promise<void> {
    await (this.listening ??= this.listen());
    await this.publisher.publish({
      ...this.encode(packet),
      correlationId: id,
      replyTo: this.replyQueue,
      expiresAt,
      persistent: false,
    });
  }

  /** Replies are acknowledged by delivery: one that is lost is a request that timed out. */
  private listen(): Promise<boolean> {
    this.consumer.subscribe(
      { destination: this.replyQueue, ack: 'auto', prefetch: 200, maxInFlight: 200 },
      (message) => {
        this.onReply(message);
        return Promise.resolve();
      },
    );
    return this.consumer.open(this.requestTimeoutMs);
  }

  private onReply({ headers, body, messageId }: StompMessage): void {
    const correlationId = headers['correlation-id'] ?? '';
    const respond = this.requests.get(correlationId);
    if (respond === undefined) {
      this.strays += 1;
      this.logger.warn('reply to no question', { correlationId, messageId });
      return;
    }
    try {
      respond({ response: decodeReply(body) });
    } catch (err) {
      respond({ err });
    }
  }

  private encode({ pattern, data, metadata }: Packet): OutgoingMessage {
    const name = this.normalizePattern(pattern as MsPattern);
    const encoded = this.options.codec.encode(name, data, metadata);
    return { ...encoded, destination: this.options.destinationOf(name, data) };
  }

  private timedOut({ pattern }: Packet): StompError {
    const name = this.normalizePattern(pattern as MsPattern);
    return new StompError(
      'unavailable',
      `No reply to "${name}" within ${this.requestTimeoutMs} ms.`,
      {
        code: 'stomp.request-timeout',
      },
    );
  }
}

function closedError(): StompError {
  return new StompError('unavailable', 'The client was closed before the reply came.', {
    code: 'stomp.closed',
  });
}
