import { parkedQueue, type ServiceName } from '@gantry/contracts';
import { ParkedQueue } from '@gantry/stomp-transport';
import type { BrokerConfig } from '../config/broker-env.js';
import { connectionOf } from './connection-of.js';

/** What a service has parked: to be looked at, given back, or dropped. */
export const parkedMessages = (config: BrokerConfig, service: ServiceName): ParkedQueue =>
  new ParkedQueue(connectionOf(config), parkedQueue(service));
