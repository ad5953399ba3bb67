export {
  GantryError,
  isGantryError,
  kindOf,
  messageOf,
  type ErrorKind,
  type GantryErrorOptions,
} from './errors/gantry-error.js';
export { HTTP_STATUS } from './errors/http-status.js';
export { loadConfig } from './config/load-config.js';
export { brokerEnv, type BrokerConfig } from './config/broker-env.js';
export { httpEnv, type HttpConfig } from './config/http-env.js';
export { CONFIG, IDENTITY, type Identity, type KitConfig } from './config/config.token.js';
export { Log, type LogLevel, type LogOptions } from './logging/log.js';
export { currentLogContext, withLogContext, type LogContext } from './logging/log-context.js';
export { CLOCK, systemClock, type Clock } from './time/clock.port.js';
export { RefusalNotes, type Refused } from './refusals/refusal-notes.js';
export { Repeated } from './time/repeated.js';
export { IDS, uuidSource, type IdSource } from './time/id-source.port.js';
export { HealthChecks, type HealthCheck, type Readiness } from './health/health-checks.js';
export { Metrics, type DeliveryOutcome } from './metrics/metrics.js';
export {
  BUS,
  type ForwardOptions,
  type MessageBus,
  type PublishOptions,
  type RequestOptions,
  type SendOptions,
} from './messaging/bus.port.js';
export { OnFamily, OnLive, OnMessage, OnRequest } from './messaging/on-message.decorator.js';
export { crashPoint } from './crash/crash-point.js';
export { runMain } from './run/run-main.js';
export { parkedMessages } from './messaging/parked-messages.js';
export { rawBody } from './messaging/raw-body.js';
export { runService } from './run/run-service.js';
export type { RunningService, ServiceOptions } from './run/service-options.js';
export { StompContext, type ParkedMessage, type ParkedQueue } from '@gantry/stomp-transport';
