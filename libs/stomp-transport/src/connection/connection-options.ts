import type { ConnectionOptions as TlsConnectionOptions } from 'node:tls';
import type { BackOffLimits } from './back-off.js';
import type { StompTlsFiles } from './tls-files.js';

/** Certificates and names for `stomp+ssl://`. */
export type StompTlsOptions = Pick<
  TlsConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'servername' | 'minVersion'
>;

/** How to reach the broker. Only `uris` is needed. */
export interface ConnectionOptions {
  /** Failover list of `stomp://host:port` and `stomp+ssl://host:port`; the next is tried when one fails. */
  readonly uris: readonly string[];
  readonly login?: string;
  readonly passcode?: string;
  readonly tls?: StompTlsOptions;
  /** The same from files, which are read at each connect. */
  readonly tlsFiles?: StompTlsFiles;
  /** The STOMP `host` header; ActiveMQ ignores it. */
  readonly virtualHost?: string;
  /** Limit of one attempt, CONNECTED included. Default 5 s. */
  readonly connectTimeoutMs?: number;
  /** How often we send a heart-beat; the broker's come twice as often. Default 10 s. */
  readonly heartbeatMs?: number;
  /** Pause between attempts, growing with jitter. Default 100 ms to 5 s. */
  readonly reconnect?: BackOffLimits;
  /** Told at each connection what the broker calls itself, such as `ActiveMQ/6.2.8`. */
  readonly onServer?: (server: string | undefined) => void;
}
