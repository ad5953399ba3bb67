import { replyQueue, type Message } from '@gantry/contracts';
import {
  deliveryPolicy,
  StompClient,
  StompServer,
  type ConnectionOptions,
  type DeliveryPolicy,
  type StompPublisher,
} from '@gantry/stomp-transport';
import { BrokerVersion } from '../messaging/broker-version.js';
import { connectionOf } from '../messaging/connection-of.js';
import type { Identity } from '../config/config.token.js';
import type { Log } from '../logging/log.js';
import { envelopeDecoder, REPLAYER } from '../messaging/envelope-codec.js';
import type { FailedTypes } from '../messaging/failed-types.js';
import { encodeEnvelope } from '../messaging/envelope-encoder.js';
import { requestDestination } from '../messaging/stomp-bus.js';
import { patternFor, subscriptionsOf } from '../messaging/subscriptions.js';
import type { Metrics } from '../metrics/metrics.js';
import type { ServiceOptions } from './service-options.js';

/** What the connections to the broker report to. */
export interface Observers {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly failed: FailedTypes;
}

/** Everything that talks to the broker. */
export interface BrokerSide {
  readonly client: StompClient;
  readonly publisher: StompPublisher;
  readonly server: StompServer;
}

/** How long handlers may go on once the service stops; what has not ended then comes to another replica, or to the next life. */
const DRAIN_MS = 20_000;
/** Each request has a time limit of its own, below this one. */
const LONGEST_REQUEST_MS = 120_000;

/**
 * Makes the connections. The bus has its own: the server's go first when the service stops, and what runs in the background may
 * still publish until the end.
 */
export function brokerSide(
  options: ServiceOptions,
  identity: Identity,
  observers: Observers,
): BrokerSide {
  const version = new BrokerVersion(observers.log, observers.metrics);
  const connection = {
    ...connectionOf(options.config),
    logger: observers.log,
    onServer: (server: string | undefined) => version.heard(server),
  };
  const client = new StompClient({
    ...connection,
    service: identity.service,
    replyQueue: replyQueue(identity.service, identity.instance),
    codec: { encode: (_pattern, message) => encodeEnvelope(message as Message) },
    destinationOf: requestDestination,
    requestTimeoutMs: LONGEST_REQUEST_MS,
  });
  const { publisher } = client.unwrap();
  return { client, publisher, server: serverOf(options, connection, observers) };
}

function serverOf(
  options: ServiceOptions,
  connection: ConnectionOptions & { readonly logger: Log },
  { metrics, failed }: Observers,
): StompServer {
  const { name, families, plainTopics = [], prefetch, maxInFlight, retry } = options;
  const server: StompServer = new StompServer({
    ...connection,
    service: name,
    codec: envelopeDecoder({
      unreadable: () => metrics.delivered('unreadable', 'parked'),
      notTheirs: (type) => metrics.delivered(type, 'refused'),
    }),
    replayer: REPLAYER,
    routes: {
      subscriptions: subscriptionsOf(name, families, plainTopics),
      patternOf: ({ pattern }, { destination }) =>
        patternFor(pattern, destination, (known) => server.getHandlers().has(known)),
    },
    classify: counted(deliveryPolicy(retry), metrics, failed),
    drainMs: DRAIN_MS,
    ...(prefetch === undefined ? {} : { prefetch }),
    ...(maxInFlight === undefined ? {} : { maxInFlight }),
  });
  return server;
}

function counted(policy: DeliveryPolicy, metrics: Metrics, failed: FailedTypes): DeliveryPolicy {
  return (error, attempt) => {
    const decision = policy(error, attempt);
    if (decision.action === 'retry') metrics.delivered(failed.typeOf(error), 'retried');
    if (decision.action === 'park') metrics.delivered(failed.typeOf(error), 'parked');
    return decision;
  };
}
