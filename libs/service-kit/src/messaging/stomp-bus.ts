import {
  actingTopic,
  definitionOf,
  topicDestination,
  TOPICS,
  type AnyMessage,
  type DataOf,
  type Message,
} from '@gantry/contracts';
import type { OutgoingMessage, StompClient, StompPublisher } from '@gantry/stomp-transport';
import { firstValueFrom, throwError, timeout } from 'rxjs';
import { crashPoint } from '../crash/crash-point.js';
import { GantryError } from '../errors/gantry-error.js';
import type { Metrics } from '../metrics/metrics.js';
import type {
  ForwardOptions,
  MessageBus,
  PublishOptions,
  RequestOptions,
  SendOptions,
} from './bus.port.js';
import { envelopeFor, type Sender } from './envelope-maker.js';
import { encodeEnvelope } from './envelope-encoder.js';

/** What the bus stands on. */
export interface BusParts {
  readonly sender: Sender;
  readonly publisher: Pick<StompPublisher, 'publish'>;
  readonly client: Pick<StompClient, 'send'>;
  readonly metrics: Pick<Metrics, 'published'>;
}

interface Route {
  readonly destination: string;
  readonly persistent: boolean;
  readonly groupId?: string;
}

/** The bus over STOMP: envelopes by the contracts, one group per subject, confirmed by the broker. */
export class StompBus implements MessageBus {
  constructor(private readonly parts: BusParts) {}

  async publish<D extends AnyMessage>(
    definition: D,
    data: DataOf<D>,
    options: PublishOptions,
  ): Promise<void> {
    const message = envelopeFor(this.parts.sender, definition, data, options);
    await this.out(message, routeOf(message.type, options), options.headers ?? {});
  }

  async forward(message: Message, options: ForwardOptions = {}): Promise<void> {
    const { group } = options;
    const route = routeOf(message.type, options);
    await this.out(message, group === undefined ? route : { ...route, groupId: group }, {});
  }

  async send(body: Uint8Array, options: SendOptions): Promise<void> {
    const { destination, group, expiresAt, persistent, headers } = options;
    await this.parts.publisher.publish({
      destination,
      body,
      persistent: persistent ?? true,
      ...(headers === undefined ? {} : { headers }),
      ...(group === undefined ? {} : { groupId: group }),
      ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.getTime() }),
    });
    this.parts.metrics.published('signed');
  }

  async request<D extends AnyMessage>(
    definition: D,
    data: DataOf<D>,
    { timeoutMs, ...options }: RequestOptions,
  ): Promise<unknown> {
    const message = envelopeFor(this.parts.sender, definition, data, {
      ...options,
      expiresInMs: timeoutMs,
    });
    const { type } = message;
    crashPoint('asking', type);
    const answer = this.parts.client
      .send<unknown, unknown>(type, message)
      .pipe(timeout({ each: timeoutMs, with: () => throwError(() => noAnswer(type, timeoutMs)) }));
    const heard = await firstValueFrom(answer);
    crashPoint('answered', type);
    return heard;
  }

  private async out(
    message: Message,
    route: Route,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const encoded = encodeEnvelope(message);
    const outgoing: OutgoingMessage = {
      ...encoded,
      ...route,
      headers: { ...headers, ...encoded.headers },
    };
    crashPoint('publishing', message.type);
    await this.parts.publisher.publish(outgoing);
    crashPoint('published', message.type);
    this.parts.metrics.published(message.type);
  }
}

function noAnswer(type: string, timeoutMs: number): GantryError {
  return new GantryError(
    'unavailable',
    'bus.no-answer',
    `No answer to ${type} within ${timeoutMs} ms: the service that answers it is down or slow. Try again.`,
    { details: { type, timeoutMs } },
  );
}

/** Where a request goes: the topic that acts on it. */
export function requestDestination(type: string): string {
  return routeOf(type, {}).destination;
}

function routeOf(
  type: string,
  { destination, persistent }: Pick<PublishOptions, 'destination' | 'persistent'>,
): Route {
  const definition = definitionOf(type);
  const topic = definition === undefined ? undefined : actingTopic(type, definition.role);
  if (destination !== undefined) return { destination, persistent: persistent ?? true };
  if (topic !== undefined) {
    return {
      destination: topicDestination(topic),
      persistent: persistent ?? TOPICS[topic].persistent,
    };
  }
  throw new GantryError(
    'bug',
    'bus.no-destination',
    `${type} has no topic that acts on it: name a destination.`,
  );
}
