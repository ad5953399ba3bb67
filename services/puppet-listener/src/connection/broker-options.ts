/** Where the broker is and who we are to it. */
export interface BrokerOptions {
  /** Failover list of `stomp://host:port` and `stomp+ssl://host:port`. */
  readonly uris: readonly string[];
  readonly login: string;
  readonly passcode?: string;
  /** PEM files, read at each connect: a renewed certificate counts from the next one on. */
  readonly files: TlsFiles;
}

/** For TLS: whom we trust, and what we show. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}
