import type { AnyMessage, DataOf, Message } from '@gantry/contracts';

/** Token of the bus. */
export const BUS: unique symbol = Symbol('gantry.bus');

/** What a publication needs besides the data; what is absent comes from `cause`, the message that is being answered. */
export interface PublishOptions {
  /** Stream the message belongs to; also its group: messages of one subject are handled one after the other. */
  readonly subject?: string;
  readonly cause?: Message;
  readonly correlationId?: string;
  /** On whose behalf; default the cause's actor, or the service itself. */
  readonly actor?: string;
  readonly expiresInMs?: number;
  /** Fixed id of a message that may be published again; default a new one. */
  readonly id?: string;
  /** Overrides the topic that acts on the message. */
  readonly destination?: string;
  /** Default what the topic table says of the family; true for a destination of its own. */
  readonly persistent?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a request needs besides the data. */
export interface RequestOptions {
  readonly actor?: string;
  readonly subject?: string;
  readonly timeoutMs: number;
  readonly id?: string;
}

/** Where and how bytes are published that were made (and perhaps signed) beforehand. */
export interface SendOptions {
  readonly destination: string;
  readonly group?: string;
  readonly expiresAt?: Date;
  readonly persistent?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where an envelope that exists already goes. `group` narrows the group of its subject, such as to one host of a deployment. */
export interface ForwardOptions extends Pick<PublishOptions, 'destination' | 'persistent'> {
  readonly group?: string;
}

/** Messages to other services. */
export interface MessageBus {
  /** Resolves when the broker has confirmed the message. */
  publish<D extends AnyMessage>(
    definition: D,
    data: DataOf<D>,
    options: PublishOptions,
  ): Promise<void>;
  /** Publishes an envelope that exists already, such as a log event: id, time and stream version stay as they are. */
  forward(message: Message, options?: ForwardOptions): Promise<void>;
  /** Publishes these exact bytes: for signed commands, whose signature covers every one of them. */
  send(body: Uint8Array, options: SendOptions): Promise<void>;
  /** Asks and waits for the answer; rejects with the answering service's error, or `unavailable` after `timeoutMs`. */
  request<D extends AnyMessage>(
    definition: D,
    data: DataOf<D>,
    options: RequestOptions,
  ): Promise<unknown>;
}
