import type { ConnectionOptions } from '../connection/connection-options.js';
import type { SubscribeOptions } from '../consumer/stomp-subscription.js';
import type { StompMessage } from '../consumer/stomp-message.js';
import type { DecodedMessage, StompDecoder } from '../delivery/codec.js';
import type { DeliveryPolicy, RetryOptions } from '../delivery/delivery-policy.js';
import type { PublisherOptions } from '../publisher/stomp-publisher.js';
import type { StompLogger } from '../stomp-logger.js';

/** What a service receives and how messages find their handlers. */
export interface StompRoutes {
  /** One per queue: a queue carries many message types, and order holds within one queue only. */
  readonly subscriptions: readonly SubscribeOptions[];
  /** Default: the pattern the codec found. */
  readonly patternOf?: (decoded: DecodedMessage, message: StompMessage) => string;
}

/** Everything `StompServer` can be told. */
export interface StompServerOptions extends ConnectionOptions {
  /** Name of the service, the same in all its instances. */
  readonly service: string;
  readonly codec: StompDecoder;
  readonly routes: StompRoutes;
  /** Default for subscriptions that do not say. */
  readonly prefetch?: number;
  /** Default for subscriptions that do not say. */
  readonly maxInFlight?: number;
  /** Limits of the default delivery policy. */
  readonly retry?: RetryOptions;
  /** A delivery policy of your own. */
  readonly classify?: DeliveryPolicy;
  /** Where messages go that cannot be handled. Default `/queue/gantry.parked.<service>`. */
  readonly parkQueue?: string;
  /** The account that gives parked messages back to their queues: it speaks in the name of whoever sent them. */
  readonly replayer?: string;
  /** What becomes of a message no handler is registered for. Default `park`. */
  readonly unmatched?: 'park' | 'ack';
  /** Replies go only to queues whose name begins so. Default `/queue/replies.`. */
  readonly replyPrefix?: string;
  /** How long `listen` waits for the broker before it goes on without. Default 10 s. */
  readonly startupWaitMs?: number;
  /** How long `close` waits for handlers. Default 30 s. */
  readonly drainMs?: number;
  readonly publisher?: Pick<
    PublisherOptions,
    'window' | 'receiptTimeoutMs' | 'reconnectWaitMs' | 'maxBodyBytes'
  >;
  readonly logger?: StompLogger;
}
