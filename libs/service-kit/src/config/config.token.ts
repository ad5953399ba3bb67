import type { ServiceName } from '@gantry/contracts';
import type { BrokerConfig } from './broker-env.js';
import type { HttpConfig } from './http-env.js';

/** Token of the service's configuration object. */
export const CONFIG: unique symbol = Symbol('gantry.config');

/** Token of who this process is. */
export const IDENTITY: unique symbol = Symbol('gantry.identity');

/** The part of every service's configuration that the kit itself reads. */
export type KitConfig = BrokerConfig & HttpConfig;

/** Which service this is, and which copy of it. */
export interface Identity {
  readonly service: ServiceName;
  readonly instance: string;
}
