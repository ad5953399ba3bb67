export { Broker, type BrokerOptions } from './broker.js';
export {
  type AccessEntry,
  type BrokerCredentials,
  DEFAULT_ACCESS,
  PRINCIPALS,
} from './broker-access.js';
export { LabError } from './lab-error.js';
export { freePort } from './ports.js';
export { Postgres, type PostgresOptions } from './postgres.js';
export { startBroker, startPostgres } from './start.js';
export { waitUntil, type WaitOptions } from './wait-until.js';
export { Workspace } from './workspace.js';
export { leftoversOf } from './leftovers.js';
