import type { ConnectionOptions } from '../connection/connection-options.js';
import type { StompEncoder } from '../delivery/codec.js';
import type { PublisherOptions } from '../publisher/stomp-publisher.js';
import type { StompLogger } from '../stomp-logger.js';

/** Everything `StompClient` can be told. */
export interface StompClientOptions extends ConnectionOptions {
  readonly service: string;
  /** Name of this process among those of its service. Default: a random one. */
  readonly instance?: string;
  readonly codec: StompEncoder;
  readonly destinationOf: (pattern: string, data: unknown) => string;
  /** Where replies come. Default `/queue/replies.<service>.<instance>`. */
  readonly replyQueue?: string;
  /** How long a request waits for its reply. Default 10 s. */
  readonly requestTimeoutMs?: number;
  /** How long the first use waits for the broker before it goes on without. Default 5 s. */
  readonly startupWaitMs?: number;
  readonly publisher?: Pick<
    PublisherOptions,
    'window' | 'receiptTimeoutMs' | 'reconnectWaitMs' | 'maxBodyBytes'
  >;
  readonly logger?: StompLogger;
}
