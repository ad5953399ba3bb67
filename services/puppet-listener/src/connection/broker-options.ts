/** Where the broker is and who we are to it. */
export interface BrokerOptions {
  /** Failover list of `stomp://host:port` and `stomp+ssl://host:port`. */
  readonly uris: readonly string[];
  readonly login: string;
  readonly passcode: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}
