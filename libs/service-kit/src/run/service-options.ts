import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import type { ServiceName, TopicName } from '@gantry/contracts';
import type { KitConfig } from '../config/config.token.js';
import type { MessageBus } from '../messaging/bus.port.js';
import type { LogOptions } from '../logging/log.js';
import type { RetryOptions } from '@gantry/stomp-transport';

/** What makes a service. */
export interface ServiceOptions<C extends KitConfig = KitConfig> {
  readonly name: ServiceName;
  readonly config: C;
  readonly module: Type | DynamicModule;
  /** Families of messages it consumes: one queue each, shared by its replicas. */
  readonly families: readonly TopicName[];
  /** Topics it listens to live; what is published while it does not listen is lost. */
  readonly plainTopics?: readonly string[];
  /** How many unacknowledged messages the broker may hand over per queue. */
  readonly prefetch?: number;
  /** How many handlers may run at once per queue. */
  readonly maxInFlight?: number;
  /** Limits of in-process retries. */
  readonly retry?: RetryOptions;
  /** Last word on the HTTP application before it listens. */
  readonly configureHttp?: (app: INestApplication) => void;
  /** The service begins to stop: work that would outlast the wait for handlers may be cut short here. */
  readonly beforeDrain?: (app: INestApplication) => void;
  /** Where log lines go; default standard output. */
  readonly writeLog?: LogOptions['write'];
}

/** A service that runs. */
export interface RunningService {
  readonly instance: string;
  readonly httpPort: number;
  readonly app: INestApplication;
  readonly bus: MessageBus;
  /** Takes no more messages, lets handlers end, then closes everything. */
  close(): Promise<void>;
}
