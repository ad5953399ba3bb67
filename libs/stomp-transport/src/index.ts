export type { ConnectionOptions, StompTlsOptions } from './connection/connection-options.js';
export { tlsFilesProblem, type StompTlsFiles } from './connection/tls-files.js';
export type { ConnectionStatus } from './connection/stomp-connection.js';
export { StompConsumer, type ConsumerOptions } from './consumer/stomp-consumer.js';
export type { StompMessage } from './consumer/stomp-message.js';
export type {
  MessageHandler,
  StompSubscription,
  SubscribeOptions,
} from './consumer/stomp-subscription.js';
export type {
  DecodedMessage,
  EncodedMessage,
  RawMessage,
  StompDecoder,
  StompEncoder,
} from './delivery/codec.js';
export {
  deliveryPolicy,
  type DeliveryDecision,
  type DeliveryPolicy,
  type RetryOptions,
} from './delivery/delivery-policy.js';
export { describeFault, type Fault } from './delivery/fault.js';
export type { ParkedMessage } from './delivery/parking.js';
export { StompRemoteError } from './delivery/reply.js';
export { assertDestination } from './headers/validate-destination.js';
export { senderOf } from './headers/sender.js';
export { headerProblem, headerText, type StompHeaders } from './headers/validate-headers.js';
export { OnMessage, OnRequest, STOMP_TRANSPORT } from './nest/on-message.decorator.js';
export { RpcErrorFilter } from './nest/rpc-error.filter.js';
export { StompClient } from './nest/stomp.client.js';
export type { StompClientOptions } from './nest/stomp-client.options.js';
export { StompContext } from './nest/stomp.context.js';
export type { StompEvents, StompStatus, StompTransportParts } from './nest/stomp.events.js';
export { StompServer } from './nest/stomp.server.js';
export type { StompRoutes, StompServerOptions } from './nest/stomp-server.options.js';
export { ParkedQueue } from './parked/parked-queue.js';
export { GROUP_HEADER, type OutgoingMessage } from './publisher/outgoing-message.js';
export { StompPublisher, type PublisherOptions } from './publisher/stomp-publisher.js';
export { StompError, messageOf, type StompErrorKind } from './stomp-error.js';
export { silentLogger, type StompLogger } from './stomp-logger.js';
