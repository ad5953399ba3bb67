import { Broker, type BrokerOptions } from './broker.js';
import { Postgres, type PostgresOptions } from './postgres.js';

/** Starts a private Postgres; stop() leaves nothing behind. */
export function startPostgres(options?: PostgresOptions): Promise<Postgres> {
  return Postgres.start(options);
}

/** Starts a private ActiveMQ; stop() leaves nothing behind. */
export function startBroker(options?: BrokerOptions): Promise<Broker> {
  return Broker.start(options);
}
