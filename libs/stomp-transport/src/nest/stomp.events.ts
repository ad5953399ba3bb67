import type { StompPublisher } from '../publisher/stomp-publisher.js';
import type { StompConsumer } from '../consumer/stomp-consumer.js';

/** `connected` means both ways: publishing and consuming. */
export type StompStatus = 'connecting' | 'connected' | 'disconnected' | 'closed';

/** What `on` can listen to. A type, not an interface: Nest asks for an index signature. */

export type StompEvents = {
  /** The status changed. */
  status: (status: StompStatus) => void;
};

/** What `unwrap` gives: the two halves of a transport. */
export interface StompTransportParts {
  readonly publisher: StompPublisher;
  readonly consumer: StompConsumer;
}
