import { randomUUID } from 'node:crypto';
import {
  createLogPool,
  PostgresEventLog,
  Relay,
  type NewEvent,
  type RecordedEvent,
} from '@gantry/event-log';
import { StompConsumer, StompPublisher, type StompMessage } from '@gantry/stomp-transport';
import type { Pool } from 'pg';
import { STEPS } from './workflow.js';

/** Where the machine's parts are. */
export interface StepMachineOptions {
  readonly databaseUrl: string;
  readonly brokerUri: string;
  readonly login: string;
  readonly passcode: string;
}

/** What travels: enough to decide the next step. */
interface StepMessage {
  readonly id: string;
  readonly streamId: string;
  readonly version: number;
}

const TOPIC = '/topic/VirtualTopic.gantry.bench.steps';
const QUEUE = '/queue/Consumer.bench.VirtualTopic.gantry.bench.steps';
/** The copy the broker makes for it. */
export const STEP_FORWARDS = [{ topic: TOPIC, queues: [QUEUE] }];
const CONSUMER = 'bench';
const CONNECTIONS = 16;
const IN_FLIGHT = 32;
/** The publisher keeps the order of its calls. */
const MAX_UNCONFIRMED = 3;

/**
 * A deployment's steps with all that makes them durable and nothing else: each step is an event appended with its inbox
 * row, published by the relay with a receipt, received, and acknowledged after the commit of the step that follows.
 */
export class StepMachine {
  private readonly pool: Pool;
  private readonly log: PostgresEventLog;
  private readonly relay: Relay;
  private readonly publisher: StompPublisher;
  private readonly consumer: StompConsumer;

  constructor(
    options: StepMachineOptions,
    private readonly onEnded: (id: string) => void,
  ) {
    const { databaseUrl: url, brokerUri, login, passcode } = options;
    const broker = { uris: [brokerUri], login, passcode };
    this.pool = createLogPool({ url, maxConnections: CONNECTIONS });
    this.log = new PostgresEventLog({ pool: this.pool });
    this.publisher = new StompPublisher(broker);
    this.consumer = new StompConsumer(broker);
    this.relay = new Relay({
      url,
      maxUnconfirmed: MAX_UNCONFIRMED,
      publish: (events) => this.publish(events),
    });
  }

  async start(): Promise<void> {
    const subscription = {
      ack: 'client-individual',
      prefetch: 200,
      maxInFlight: IN_FLIGHT,
    } as const;
    this.consumer.subscribe({ destination: QUEUE, ...subscription }, (message) =>
      this.receive(message),
    );
    await Promise.all([this.consumer.open(10_000), this.publisher.open(10_000)]);
    this.relay.start();
  }

  /** The first step of a workflow; the others follow from it. */
  async begin(streamId: string): Promise<void> {
    await this.log.transact({
      streams: [{ type: 'bench', id: streamId }],
      work: (tx) => tx.append({ type: 'bench', id: streamId }, 0, [stepEvent(streamId)]),
    });
    this.relay.wake();
  }

  async stop(): Promise<void> {
    await this.relay.stop();
    await this.consumer.close();
    await this.publisher.close();
    await this.pool.end();
  }

  private async publish(events: readonly RecordedEvent[]): Promise<void> {
    await Promise.all(
      events.map(({ eventId: id, streamId, streamVersion: version, type, data, metadata }) =>
        this.publisher.publish({
          destination: TOPIC,
          groupId: streamId,
          headers: { 'content-type': 'application/json', 'x-type': type, 'x-id': id },
          body: JSON.stringify({ id, streamId, version, type, data, metadata }),
        }),
      ),
    );
  }

  /** Resolves when the next step is committed: then the message is acknowledged. */
  private async receive({ body }: StompMessage): Promise<void> {
    const { id, streamId, version } = JSON.parse(body.toString('utf8')) as StepMessage;
    if (version === STEPS) {
      this.onEnded(streamId);
      return;
    }
    const stream = { type: 'bench', id: streamId };
    const { outcome } = await this.log.transact({
      streams: [stream],
      inbox: { consumer: CONSUMER, messageId: id },
      work: (tx) => tx.append(stream, version, [stepEvent(streamId)]),
    });
    if (outcome === 'committed') this.relay.wake();
  }
}

function stepEvent(streamId: string): NewEvent {
  return {
    eventId: randomUUID(),
    type: 'bench.step-done',
    schemaVersion: 1,
    data: { host: 'web1.shop.example.org', result: 'ok' },
    metadata: {
      correlationId: streamId,
      causationId: streamId,
      actor: 'bench',
      occurredAt: new Date().toISOString(),
    },
  };
}
