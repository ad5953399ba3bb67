import type { BrokerServer } from './test-broker.js';
import type { PostgresServer } from './test-postgres.js';

/** Where servers for tests come from. */
export interface InfraProvider {
  readonly startPostgres: () => Promise<PostgresServer>;
  readonly startBroker: () => Promise<BrokerServer>;
}
